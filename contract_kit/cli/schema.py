"""`contract-kit schema`: the schema of a request, for an editor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that JSON allows unescaped: control characters, and marks that reverse text."""


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
    from contract_kit.settings.contracts import contracts_in

    found = contracts_in(Path.cwd()).operation(operation)
    text = json.dumps(editor_schema(found, dialect), indent=2, ensure_ascii=False)
    # Characters that a terminal obeys are escaped as JSON does.
    click.echo(_UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
    return 0
