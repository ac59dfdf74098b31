"""`contract-kit fuzz`: one verdict per documented constraint."""

from __future__ import annotations

import signal
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from contract_kit.cli.request_options import RequestOptions, request_options
from contract_kit.target.kinds import Kind
from contract_kit.verdict.judge import Profile

LONGEST_TIMEOUT = 86_400.0

EXAMPLES = 700
"""Requests beyond the cases by default: two seconds, where the target takes no time."""

if TYPE_CHECKING:
    from contract_kit.fuzz.campaign.campaign import Campaign
    from contract_kit.fuzz.exploration.context import Explore


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
    default="us-east-1",
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
    from contract_kit.cli.targets import choose
    from contract_kit.fuzz.campaign.campaign import Campaign
    from contract_kit.report.known_gaps import read_gaps
    from contract_kit.report.run import ReportRun, program
    from contract_kit.settings.contracts import contracts_in

    sending = RequestOptions.of(sent)
    # Errors in files are reported before anything runs.
    gaps = read_gaps(known_gaps, contracts_in(Path.cwd())) if known_gaps is not None else {}
    op, target = choose(
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
    with closing(target), progress(sys.stderr) as show_progress:

        def on_case(done: int, total: int | None) -> None:
            show_progress(done, total)
            if reports.is_due(campaign.findings):
                reports.write(replace(campaign.outcome(), ended="killed"))

        bindings, requests = parse_bindings(op, bind), read_requests(op, request)
        campaign = Campaign(
            op,
            target,
            bindings=bindings,
            request=requests,
            profile=profile,
            region=region,
            credentials=sending.credentials,
            rate=sending.rate,
            startup_timeout=sending.startup_timeout,
            seed=seed,
            only=case,
            explore=_explore(max_examples, seed, time_limit) if not case else None,
            gaps=gaps.get(op.id, ()),
            on_case=on_case,
        )
        run = ReportRun(
            url=f"app {app}" if app else target.url if url else "the embedded implementation",
            region=region,
            profile=profile,
            seed=seed,
            arguments=tuple(made_with),
            app=_app_words(app, app_kind),
            headers=target.abilities.header_names,
            by_url=target.abilities.reached_by_url,
            reached=_url_words(url and target.url, allow_host),
            program=program(),
            timeout=timeout,
            tls=sending.tls_words,
            options=sending.words,
            exploring=_exploring_words(max_examples, time_limit),
            numbered="{seq" in str((bindings, requests)),
            credentials=len(sending.credentials),
        )
        reports = Reports(report, run)
        # A path that cannot be written is reported before the run, not after it.
        reports.write(replace(campaign.outcome(), ended="not begun"))
        interrupted = _run(campaign)
    outcome = campaign.outcome()
    if interrupted:
        outcome = replace(outcome, ended="interrupted")
    outcome = replace(outcome, chosen=bool(case))
    reports.write(outcome, last=True)
    reports.show(outcome, verbose=verbose)
    if interrupted:
        click.echo("contract-kit: interrupted; the report has what was found so far", err=True)
        return 2
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


def _app_words(app: str | None, kind: str | None) -> tuple[str, ...]:
    words = ("--app", app) if app else ()
    return (*words, "--app-kind", kind) if kind else words


def _url_words(url: str | None, allowed_host: str | None) -> tuple[str, ...]:
    """The options that name a target at a URL; empty where there is none."""
    if not url:
        return ()
    return ("--url", url, *(("--allow-host", allowed_host) if allowed_host else ()))


def _exploring_words(examples: int, seconds: float | None) -> tuple[str, ...]:
    words = ("--max-examples", str(examples)) if examples != EXAMPLES else ()
    return (*words, *(("--time-limit", f"{seconds:g}") if seconds is not None else ()))


def _explore(examples: int, seed: int, seconds: float | None) -> Explore | None:
    """The exploration after the cases; only this imports Hypothesis."""
    if not examples:
        return None
    from contract_kit.fuzz.exploration.explorer import exploration

    return exploration(examples=examples, seed=seed, seconds=seconds)


def _run(campaign: Campaign) -> bool:
    """Runs the campaign; True if the user, or who manages the process, ended it."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        campaign.run()
    except KeyboardInterrupt:
        return True
    finally:
        signal.signal(signal.SIGTERM, before)
    return False
