"""`contract-kit drift`: where the sources of an operation disagree."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="drift")
@click.argument("operation", metavar="SERVICE:OPERATION")
@click.option(
    "--page",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A documentation page as text, or a folder of them; repeatable.",
)
def command(operation: str, page: tuple[Path, ...]) -> int:
    """Show each disagreement between botocore's model and documentation pages in a line.

    Without a page it shows those that the committed schema lists.
    """
    from contract_kit.derive.merge import drift_lines
    from contract_kit.derive.service import documents, read_pages
    from contract_kit.settings.contracts import contracts_in
    from contract_kit.validate.violation import printable

    if page:
        found = contracts_in(Path.cwd()).operation(operation)
        named = dict(documents(found.id, read_pages(page)))
        request = named[f"{found.service}/{found.name}.request.json"]
    else:
        request = contracts_in(Path.cwd()).operation(operation).request
    lines = list(drift_lines(request))
    for line in lines:
        click.echo(printable(line))
    return 1 if lines else 0
