"""`contract-kit serve`: the embedded implementation behind HTTP."""

from __future__ import annotations

import contextlib

import click

from contract_kit.errors import UsageError


@click.command(name="serve")
@click.argument("operations", nargs=-1, metavar="[SERVICE[:OPERATION]]...")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option("--protocol", metavar="NAME", help="Wire protocol; default: each one's usual one.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of made-up results.")
@click.option("--fault", multiple=True, metavar="NAME", help="A seeded fault; repeatable.")
@click.option("--list-faults", is_flag=True, help="Print the names of all faults and stop.")
def command(
    operations: tuple[str, ...],
    port: int,
    protocol: str | None,
    seed: int,
    fault: tuple[str, ...],
    list_faults: bool,
) -> int:
    """Serve any operations on 127.0.0.1, strictly as documented.

    Without arguments, serve the embedded implementation of mailmanager:StartArchiveExport and its
    neighbours, correct or with seeded faults.
    """
    from contract_kit.reference.faults.catalog import fault_names
    from contract_kit.reference.http import serve
    from contract_kit.reference.stand_in import StandIn

    if list_faults:
        for name in fault_names():
            click.echo(name)
        return 0
    if operations and fault:
        raise UsageError("faults are seeded in the embedded implementation; leave operations out")
    implementation = StandIn(operations, protocol, seed) if operations else None
    with contextlib.suppress(KeyboardInterrupt):
        serve(
            port,
            fault,
            protocol=protocol,
            implementation=implementation,
            on_ready=lambda url: click.echo(f"serving {url}, until Ctrl-C"),
        )
    return 0
