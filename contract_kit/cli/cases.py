"""`contract-kit cases`: the boundary cases of an operation, for any language."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="cases")
@click.argument("operation", metavar="SERVICE:OPERATION")
@click.option(
    "--format",
    type=click.Choice(["json", "ndjson", "body"]),
    default="json",
    show_default=True,
    help="One JSON list, a case per line, or the bare body of one case.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write a file per case below DIR.")
@click.option("--check", is_flag=True, help="Compare with what --out holds; write nothing.")
@click.option("--case", multiple=True, metavar="ID", help="This case alone; repeatable.")
@click.option("--bind", multiple=True, metavar="MEMBER=VALUE", help="A value known to the target.")
@click.option(
    "--request",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A known-good request as JSON; repeatable.",
)
def command(
    operation: str,
    format: str,
    out: Path | None,
    check: bool,
    case: tuple[str, ...],
    bind: tuple[str, ...],
    request: tuple[Path, ...],
) -> int:
    """Print the boundary cases of an operation, or write them to DIR/valid and DIR/invalid."""
    from contract_kit import operation as find_operation
    from contract_kit.cases.export import case_body, case_document, cases_named, render_case
    from contract_kit.cases.files import differences, write_cases
    from contract_kit.cli.inputs import parse_bindings, read_requests
    from contract_kit.requestfile.settings import read_settings
    from contract_kit.validate.violation import printable

    if check and out is None:
        raise click.UsageError("--check compares with a folder: give it with --out DIR")
    op = read_settings(Path.cwd()).relaxed(find_operation(operation), disputed=True)
    bindings = parse_bindings(op, bind)
    cases = cases_named(op, case, bindings=bindings, request=read_requests(op, request))
    if format == "body":
        if len(cases) != 1:
            raise click.UsageError("--format body prints one case: name it with --case ID")
        click.echo(case_body(op, cases[0]), nl=False)
    elif out is not None and check:
        found = differences(op, cases, out)
        for line in found:
            click.echo(printable(line))
        return 1 if found else 0
    elif out is not None:
        click.echo(printable(f"{write_cases(op, cases, out)} cases written to {out}"))
    elif format == "ndjson":
        for each in cases:
            click.echo(render_case(case_document(op, each)))
    else:
        click.echo(render_case([case_document(op, each) for each in cases], indent=2))
    return 0
