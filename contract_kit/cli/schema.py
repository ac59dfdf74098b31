"""`contract-kit schema`: the schema of a request, for an editor."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(name="schema")
@click.argument("operation", metavar="SERVICE:OPERATION")
@click.option(
    "--dialect",
    type=click.Choice(["wire", "cli", "boto3"]),
    default="wire",
    show_default=True,
    help="How the files write requests.",
)
def command(operation: str, dialect: str) -> int:
    """Print the JSON Schema of an operation's request: self-contained, for any editor."""
    from contract_kit.requestfile.editor import editor_schema
    from contract_kit.requestfile.operations import Operations
    from contract_kit.requestfile.settings import read_settings

    settings = read_settings(Path.cwd())
    found = Operations(settings.contracts, settings.relaxed).find(operation)
    click.echo(json.dumps(editor_schema(found, dialect), indent=2, ensure_ascii=False))
    return 0
