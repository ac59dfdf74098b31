"""`run`: one campaign from its setup to what it found; `fuzz`: the same as one call."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack

from contract_kit.cases.good_request import Bindings
from contract_kit.cases.groups import Group
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.campaign.group_runs import GroupRuns
from contract_kit.fuzz.defaults import EXAMPLES, REGION, STARTUP
from contract_kit.fuzz.events import Event, Listener, ignore
from contract_kit.fuzz.numbers import numbers_of
from contract_kit.fuzz.partial_outcome import Part, joined, outcome_of
from contract_kit.fuzz.setup import Exploration, Setup
from contract_kit.report.known_gaps import gaps_that_exist
from contract_kit.target.interface import Target
from contract_kit.target.recipe import Recipe
from contract_kit.verdict.judge import Profile
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

INTERRUPTED = "interrupted"
"""Why a run ended that its user stopped."""


def run(
    setup: Setup,
    groups: Iterable[Group] | None = None,
    *,
    target: Target | None = None,
    listener: Listener = ignore,
) -> Part:
    """Sends cases and judges the answers; returns the partial outcome.

    groups: those to run, as `contract_kit.cases.groups` makes them, in any order; None for all
        cases and the exploration after them. Parts of several groups of one operation, found by
        whatever processes, add up with `outcome_of`.
    target: one that is open already, and stays so, in place of a new one made by the recipe.
    listener: is sent each event as it happens.
    A KeyboardInterrupt ends the run: `ended` says so, and the findings until then are kept.
    Raises UsageError for a setup that cannot be, TargetError where there is nothing to test.

    >>> from contract_kit import operation
    >>> from contract_kit.target import Recipe
    >>> from contract_kit.wire.table import wire_of
    >>> def list_archives(request):
    ...     return {"Archives": []}
    >>> wire = wire_of(operation("mailmanager:ListArchives"))
    >>> setup = Setup(wire=wire, target=Recipe(given=list_archives))
    >>> part = run(setup)
    >>> part.ended, part.findings[0].verdict
    ('', 'too lax')
    """
    parts: list[Part] = []

    def listen(event: Event) -> None:
        parts.append(event.part)
        listener(event)

    with ExitStack() as opened:
        if target is None:
            target = opened.enter_context(setup.target.opened(setup.operation))
        campaign = Campaign(setup, target, listen)
        interrupted = False
        try:
            if groups is None:
                _run_all(campaign)
            else:
                grouped = GroupRuns(campaign)
                parts += [grouped.begin(), *(grouped.run(group).part for group in groups)]
        except KeyboardInterrupt:
            interrupted = True
        parts.append(campaign.take())
    return joined(parts, ended=INTERRUPTED if interrupted else "")


def _run_all(campaign: Campaign) -> None:
    context, exploration = campaign.run(), campaign.setup.exploration
    if context is not None and exploration is not None:
        # Hypothesis takes a while to load.
        from contract_kit.fuzz.exploration.explorer import explore

        explore(context, exploration)
    campaign.finish()


def fuzz(
    operation: Operation,
    target: Target | Recipe,
    *,
    wire: Wire | None = None,
    bindings: Bindings | None = None,
    request: Json = None,
    profile: Profile = "strict",
    region: str = REGION,
    credentials: tuple[str, ...] = (),
    rate: float | None = None,
    startup_timeout: float = STARTUP,
    seed: int = 0,
    cases: tuple[str, ...] = (),
    examples: int = EXAMPLES,
    seconds: float | None = None,
    gaps: tuple[Gap, ...] = (),
    listener: Listener = ignore,
) -> Outcome:
    """The verdict of every constraint of an operation, as a target keeps it.

    target: as `contract_kit.target.target_of` makes it; it stays open. Or a recipe of one.
    wire: by default that of the operation's usual protocol. bindings: location id → value that the
        target knows. request: a known-good request, or a list of them.
    profile: `lenient` lets pass what real AWS services tolerate. region, credentials: what requests
        are signed with, by default dummies. rate: messages a second, at most.
    startup_timeout: seconds in which the target may give its first answer.
    seed: of random requests and fresh numbers. cases: ids of the cases to send, and nothing else.
    examples: requests beyond the cases, at most; 0 for none. seconds: after which no more of these.
    gaps: deviations that are known. listener: is sent each event as it happens.
    Raises UsageError for what does not fit the operation, TargetError where there is nothing to
    test. A KeyboardInterrupt ends the run early; `ended` says so.

    >>> from contract_kit import operation
    >>> from contract_kit.target import target_of
    >>> op = operation("mailmanager:StartArchiveExport")
    >>> outcome = fuzz(op, target_of(lambda request: {"ExportId": "export-1"}, op), examples=0)
    >>> outcome.conforms, outcome.findings[0].verdict
    (False, 'too lax')
    """
    wire = wire or wire_of(operation)
    gaps_that_exist(gaps, operation, wire.constraints)
    given = request if isinstance(request, (list, tuple)) else [request]
    explored = Exploration(examples=examples, seed=seed, seconds=seconds)
    setup = Setup(
        wire=wire,
        target=target if isinstance(target, Recipe) else Recipe(given=target),
        bindings=dict(bindings or {}),
        requests=tuple(given) if request is not None else (),
        profile=profile,
        region=region,
        credentials=credentials,
        rate=rate,
        startup_timeout=startup_timeout,
        numbers=numbers_of(seed),
        cases=cases,
        exploration=explored if examples and not cases else None,
    )
    return outcome_of(wire, [run(setup, listener=listener)], gaps=gaps)
