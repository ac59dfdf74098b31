"""`contract-kit validate`: request files, checked with line and column."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

FORMATS = ("text",)


@click.command(name="validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--operation", metavar="SERVICE:OPERATION", help="What all the files are for.")
@click.option("--dialect", type=click.Choice(["wire", "cli", "boto3"]), help="How they write it.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    paths: tuple[str, ...], operation: str | None, dialect: str | None, format_: str
) -> int:
    """Check request files: JSON, YAML, NDJSON, gzip of these, folders, - for standard input."""
    from contract_kit.requestfile.files import request_files
    from contract_kit.requestfile.output.text import TextOutput
    from contract_kit.requestfile.run import Run
    from contract_kit.requestfile.settings import read_settings

    settings = read_settings(Path.cwd())
    out = sys.stdout
    output = TextOutput(out.write, colour=_coloured())
    run = Run(output, settings, operation=operation, dialect=dialect)
    run.check_all(request_files(paths or (".",), settings))
    output.finish(run.summary)
    out.flush()
    return run.summary.exit_code


def _coloured() -> bool:
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
