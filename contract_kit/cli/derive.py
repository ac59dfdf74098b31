"""`contract-kit derive`: JSON Schemas from botocore's model and documentation pages."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="derive")
@click.argument("source", metavar="SERVICE[:OPERATION]")
@click.option(
    "--page",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A documentation page as text, or a folder of them; repeatable.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to; default schemas.")
@click.option("--check", is_flag=True, help="Write nothing; fail where a document would change.")
def command(source: str, page: tuple[Path, ...], out: Path | None, check: bool) -> int:
    """Write the request and response schema of each operation of a service, or of one."""
    from contract_kit.derive.service import differences, documents, read_pages, render
    from contract_kit.files import write_file
    from contract_kit.text.counted import counted
    from contract_kit.validate.violation import printable

    pages = read_pages(page)
    folder = out or Path("schemas")
    if check:
        found = differences(source, pages, folder)
        for line in found:
            click.echo(printable(line))
        return 1 if found else 0
    count = 0
    for name, document in documents(source, pages):
        write_file(folder / name, render(document))
        count += 1
    click.echo(printable(f"{counted(count, 'document')} written to {folder}"))
    return 0
