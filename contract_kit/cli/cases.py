"""`contract-kit cases`: the boundary cases of an operation, for any language."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contract_kit.cases.case import Case
    from contract_kit.contract.operation import Operation


@click.command(name="cases")
@click.argument("operation", metavar="SERVICE:OPERATION")
@click.option(
    "--format",
    type=click.Choice(["json", "ndjson", "body"]),
    help="One JSON list, one case per line, or the body of one case; a terminal gets a summary.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write a file per case below DIR.")
@click.option("--check", is_flag=True, help="Compare with the files in --out; write nothing.")
@click.option("--protocol", metavar="NAME", help="Protocol of messages, such as rpc-v2-cbor.")
@click.option("--case", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option(
    "--bind",
    multiple=True,
    metavar="MEMBER=VALUE",
    help="A value that the target knows; repeatable.",
)
@click.option(
    "--request",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A known-good request as JSON; repeatable.",
)
def command(
    operation: str,
    format: str | None,
    out: Path | None,
    check: bool,
    protocol: str | None,
    case: tuple[str, ...],
    bind: tuple[str, ...],
    request: tuple[Path, ...],
) -> int:
    """Print the boundary cases of an operation, or write them to DIR/valid and DIR/invalid."""
    from contract_kit.cases.case_folder import differences, write_cases
    from contract_kit.cases.export import case_body, cases_named
    from contract_kit.cli.inputs import parse_bindings, read_requests
    from contract_kit.settings.contracts import contracts_in
    from contract_kit.text.counted import counted
    from contract_kit.validate.violation import printable
    from contract_kit.wire.table import wire_of, wires_of

    if check and out is None:
        raise click.UsageError("--check compares with a folder; name it with --out DIR")
    op = contracts_in(Path.cwd()).operation_to_test(operation)
    bindings = parse_bindings(op, bind)
    wire = wire_of(op, protocol) if protocol or wires_of(op) else None
    cases = cases_named(
        op, wire, case, bindings=bindings, request=read_requests(op, request) or None
    )
    if format == "body":
        if len(cases) != 1:
            raise click.UsageError("--format body prints one case; name it with --case ID")
        click.echo(case_body(wire or wire_of(op), cases[0]), nl=False)
    elif out is not None and check:
        found = differences(op, cases, out)
        for line in found:
            click.echo(printable(line))
        return 1 if found else 0
    elif out is not None:
        click.echo(printable(f"{counted(write_cases(op, cases, out), 'case')} written to {out}"))
    else:
        for text in _texts(op, cases, format, whole=bool(case) or not sys.stdout.isatty()):
            click.echo(text)
    return 0


def _texts(
    operation: Operation, cases: Sequence[Case], format: str | None, *, whole: bool
) -> Iterator[str]:
    """The texts to print. whole: without a format, print all cases instead of a summary."""
    from contract_kit.cases.case_counts import summary
    from contract_kit.cases.export import case_document, render_case

    if format is None and not whole:
        return summary(operation.id, cases)
    documents = (case_document(operation, case) for case in cases)
    if format == "ndjson":
        return map(render_case, documents)
    return _list_of(render_case(document, indent=2) for document in documents)


def _list_of(texts: Iterable[str]) -> Iterator[str]:
    """JSON texts as one list, of which each is printed as soon as it is there."""
    yield "["
    held = None
    for text in texts:
        if held is not None:
            yield f"{held},"
        held = "  " + text.replace("\n", "\n  ")
    if held is not None:
        yield held
    yield "]"
