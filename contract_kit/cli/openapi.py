"""`contract-kit openapi`: the contract as an OpenAPI 3.1 document."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="openapi")
@click.argument("operations", metavar="SERVICE:OPERATION...", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write to FILE instead of printing.")
def command(operations: tuple[str, ...], out: Path | None) -> int:
    """Print one OpenAPI 3.1 document of some operations, with the schemas of their contract."""
    from contract_kit.derive.service import render
    from contract_kit.files import write_file
    from contract_kit.openapi.document import openapi_document
    from contract_kit.settings.contracts import contracts_in
    from contract_kit.text.counted import counted
    from contract_kit.validate.violation import printable

    contracts = contracts_in(Path.cwd())
    text = render(openapi_document(contracts.operation(id) for id in operations))
    if out is None:
        click.echo(text, nl=False)
    else:
        write_file(out, text)
        click.echo(printable(f"{counted(len(set(operations)), 'operation')} written to {out}"))
    return 0
