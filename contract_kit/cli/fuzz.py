"""`contract-kit fuzz`: one verdict per documented constraint."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from contract_kit.cli.request_options import RequestOptions, request_options
from contract_kit.fuzz.defaults import EXAMPLES, REGION
from contract_kit.target.kinds import Kind
from contract_kit.verdict.judge import Profile

LONGEST_TIMEOUT = 86_400.0

STOPPED = "contract-kit: interrupted; the report has what was found so far"

if TYPE_CHECKING:
    from contract_kit.fuzz.setup import Setup
    from contract_kit.target.interface import Target
    from contract_kit.verdict.outcome import Outcome


def _seconds(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value <= LONGEST_TIMEOUT:
        raise click.BadParameter(f"{value:g} is not between 0 and {LONGEST_TIMEOUT:g} seconds")
    return value


@click.command(name="fuzz")
@click.argument("operation", required=False)
@click.option(
    "--url", metavar="URL", help="URL of the implementation, such as http://127.0.0.1:8000."
)
@click.option("--app", metavar="MODULE:ATTR", help="An application or function to run and test.")
@click.option(
    "--app-kind",
    type=click.Choice(get_args(Kind)),
    help="Kind of object that --app names, if it can't be inferred.",
)
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
@click.option(
    "--header",
    multiple=True,
    metavar="NAME:VALUE",
    help="Header to send with every request; repeatable.",
)
@click.option(
    "--region",
    default=REGION,
    show_default=True,
    metavar="REGION",
    help="Region that requests are signed for.",
)
@click.option(
    "--profile",
    type=click.Choice(get_args(Profile)),
    default="strict",
    show_default=True,
    help="lenient also accepts leniency of real AWS services.",
)
@click.option(
    "--max-examples",
    type=click.IntRange(0),
    default=EXAMPLES,
    show_default=True,
    metavar="N",
    help="Requests after the boundary cases: finer cases, then random ones; 0 for none.",
)
@click.option(
    "--time-limit",
    type=float,
    callback=_seconds,
    metavar="S",
    help="Send no more of these requests after S seconds.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Seed for random requests and fresh numbers.",
)
@click.option(
    "--timeout",
    type=float,
    callback=_seconds,
    default=5.0,
    show_default=True,
    metavar="S",
    help="Seconds for one exchange.",
)
@click.option(
    "--protocol",
    metavar="NAME",
    help="Protocol to speak, such as json or rpc-v2-cbor; `all` tests and compares each one.",
)
@click.option("--case", multiple=True, metavar="ID", help="Send only this case; repeatable.")
@click.option(
    "--report", multiple=True, metavar="FORMAT:PATH", help="Also write a report: json or junit."
)
@click.option(
    "--known-gaps", type=click.Path(path_type=Path), help="TOML file of deviations that you accept."
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=0.0,
    metavar="PERCENT",
    help="Exit with 1 if fewer constraints are proven to hold.",
)
@click.option("--allow-host", metavar="HOST", help="Allow requests to this host of AWS.")
@request_options
@click.option("-v", "--verbose", is_flag=True, help="Show a line per constraint; shorten nothing.")
def command(
    operation: str | None,
    url: str | None,
    app: str | None,
    app_kind: Kind | None,
    bind: tuple[str, ...],
    request: tuple[Path, ...],
    header: tuple[str, ...],
    region: str,
    profile: Profile,
    max_examples: int,
    time_limit: float | None,
    seed: int,
    timeout: float,
    protocol: str | None,
    case: tuple[str, ...],
    report: tuple[str, ...],
    known_gaps: Path | None,
    fail_under: float,
    allow_host: str | None,
    verbose: bool,
    **sent: Any,
) -> int:
    """Report for each constraint of OPERATION (SERVICE:OPERATION) whether a target enforces it.

    Without arguments it runs against the embedded implementation.
    """
    from contract_kit.cli.inputs import parse_bindings, parse_headers, read_requests
    from contract_kit.cli.progress import progress
    from contract_kit.cli.reports import Reports
    from contract_kit.cli.targets import app_words, choose, exploring_words, opened, url_words
    from contract_kit.fuzz.events import Event
    from contract_kit.fuzz.numbers import numbers_of
    from contract_kit.fuzz.partial_outcome import outcome_of
    from contract_kit.fuzz.run_campaign import INTERRUPTED, run
    from contract_kit.fuzz.setup import Exploration, Setup
    from contract_kit.report.known_gaps import gaps_that_exist, read_gaps
    from contract_kit.report.run import ReportRun, program
    from contract_kit.settings.contracts import contracts_in
    from contract_kit.wire.table import wires_named

    sending = RequestOptions.of(sent)
    # Errors in files are reported before anything runs.
    known = read_gaps(known_gaps, contracts_in(Path.cwd())) if known_gaps is not None else {}
    op, recipe = choose(
        operation,
        url=url,
        app=app,
        kind=app_kind,
        timeout=timeout,
        headers=parse_headers(header),
        allowed_host=allow_host,
        tls=sending.tls,
    )
    made_with = [word for text in bind for word in ("--bind", text)]
    made_with += [word for path in request for word in ("--request", str(path))]
    explored = Exploration(examples=max_examples, seed=seed, seconds=time_limit)
    reports = Reports(report)

    def test(setup: Setup, target: Target, *, is_last: bool) -> Outcome:
        """Runs the campaign over one wire, and reports it."""
        wire = setup.wire
        gaps = gaps_that_exist(known.get(op.id, ()), op, wire.constraints)
        named = ("--protocol", wire.protocol.name) if protocol is not None else ()
        described = ReportRun(
            url=f"app {app}" if app else target.url if url else "the embedded implementation",
            region=region,
            profile=profile,
            seed=seed,
            arguments=(*named, *made_with),
            app=app_words(app, app_kind),
            headers=target.abilities.header_names,
            by_url=target.abilities.reached_by_url,
            reached=url_words(url and target.url, allow_host),
            program=program(),
            timeout=timeout,
            tls=sending.tls_words,
            options=sending.words,
            exploring=exploring_words(max_examples, time_limit, usual=EXAMPLES),
            numbered="{seq" in str((setup.bindings, setup.requests)),
            credentials=len(sending.credentials),
        )
        # A path that cannot be written is reported before the run, not after it.
        reports.write(replace(outcome_of(wire, (), gaps=gaps), ended="not begun"), described)
        with progress(sys.stderr) as show_progress, _ended_by_sigterm():

            def listen(event: Event) -> None:
                show_progress(event.done, event.total)
                reports.listen(event, wire, gaps, described)

            part = run(setup, target=target, listener=listen)
        outcome = replace(outcome_of(wire, [part], gaps=gaps), chosen=bool(case))
        is_last = is_last or outcome.ended == INTERRUPTED
        reports.write(outcome, described, done=True, last=is_last)
        reports.show(outcome, described, verbose=verbose)
        return outcome

    outcomes: list[Outcome] = []
    with opened(recipe, op) as target:
        bindings, requests = parse_bindings(op, bind), read_requests(op, request)
        wires, numbers = wires_named(op, protocol), numbers_of(seed)
        for index, wire in enumerate(wires):
            setup = Setup(
                wire=wire,
                target=recipe,
                bindings=bindings,
                requests=requests,
                profile=profile,
                region=region,
                credentials=sending.credentials,
                rate=sending.rate,
                startup_timeout=sending.startup_timeout,
                numbers=numbers.lane(index) if len(wires) > 1 else numbers,
                cases=case,
                exploration=explored if max_examples and not case else None,
            )
            outcomes.append(test(setup, target, is_last=wire == wires[-1]))
            if outcomes[-1].ended == INTERRUPTED:
                click.echo(STOPPED, err=True)
                return 2
    if len(outcomes) > 1:
        reports.compare(outcomes)
    return max(_exit_code(outcome, fail_under) for outcome in outcomes)


def _exit_code(outcome: Outcome, fail_under: float) -> int:
    """0 conforms, 1 does not, 2 nothing can be said; with a line that says why."""
    if outcome.proves_nothing and not outcome.new_findings and not outcome.ended:
        click.echo(f"contract-kit: nothing was proven: {outcome.unproven}", err=True)
        return 2
    if outcome.enforced_percent < fail_under:
        click.echo(
            f"contract-kit: {outcome.enforced_percent:.1f}% hold, --fail-under asks for "
            f"{fail_under:g}%",
            err=True,
        )
        return 1
    return 0 if outcome.conforms else 1


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Lets SIGTERM end the run as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
