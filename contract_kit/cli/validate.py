"""`contract-kit validate`: request files, checked with line and column."""

from __future__ import annotations

import click

from contract_kit.cli.validate_files import FORMATS, check_files
from contract_kit.cli.validate_without_click import as_path
from contract_kit.requestfile.dialect import DIALECTS


class _Files(click.Command):
    """A command whose arguments may be names of files that look like short options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, [*map(as_path, args[:end]), *args[end:]])


@click.command(name="validate", cls=_Files)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--operation", metavar="SERVICE:OPERATION", help="Operation that all files are requests for."
)
@click.option("--dialect", type=click.Choice(DIALECTS), help="How the files write requests.")
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--fix", is_flag=True, help="Fix the case of keys and enum values in place.")
@click.option("-v", "--verbose", is_flag=True, help="Also show who documents what is broken.")
def command(
    paths: tuple[str, ...],
    operation: str | None,
    dialect: str | None,
    format: str,
    fix: bool,
    verbose: bool,
) -> int:
    """Check request files: JSON, YAML, NDJSON, gzip of these, folders, - for standard input."""
    return check_files(
        paths, operation=operation, dialect=dialect, format=format, fix=fix, verbose=verbose
    )
