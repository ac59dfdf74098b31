"""`contract-kit serve`: the embedded implementation behind HTTP."""

from __future__ import annotations

import contextlib

import click


@click.command(name="serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--protocol", metavar="NAME", help="Answer this protocol only; by default each of the service."
)
@click.option("--fault", multiple=True, metavar="NAME", help="A seeded fault; repeatable.")
@click.option("--list-faults", is_flag=True, help="Print the names of all faults and stop.")
def command(port: int, protocol: str | None, fault: tuple[str, ...], list_faults: bool) -> int:
    """Serve the embedded implementation on 127.0.0.1, correct or with seeded faults."""
    from contract_kit.reference.faults.catalog import fault_names
    from contract_kit.reference.http import serve

    if list_faults:
        for name in fault_names():
            click.echo(name)
        return 0
    with contextlib.suppress(KeyboardInterrupt):
        serve(
            port,
            fault,
            protocol=protocol,
            on_ready=lambda url: click.echo(f"serving {url}, until Ctrl-C"),
        )
    return 0
