"""A campaign in steps finds what it finds in one go; its parts travel as JSON."""

from __future__ import annotations

import json
import random
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.cases.groups import groups, narrowed, single
from contract_kit.errors import TargetError, UnknownConstraint
from contract_kit.fuzz import Setup, fuzz
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.campaign.group_runs import GroupRuns
from contract_kit.fuzz.partial_outcome import Part, outcome_of, part_document, part_of
from contract_kit.reference.faults.catalog import faults
from contract_kit.reference.wsgi import app
from contract_kit.target import Recipe
from contract_kit.target.http import wsgi_target
from contract_kit.verdict.outcome import Gap
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")


def campaign_of(op, target):
    """A campaign that is to be run in groups."""
    return Campaign(Setup(wire=wire_of(op), target=Recipe(given=target)), target)


def gap(constraint):
    """A known gap of a constraint, whatever its verdict."""
    return Gap(constraint=constraint, reason="so")


def in_steps(names, order=None):
    """The outcome of all groups, each part sent as JSON, and the verdict of each."""
    with closing(wsgi_target(app(names))) as target:
        steps = GroupRuns(campaign_of(EXPORT, target))
        parts, verdicts = [steps.begin()], {}
        chosen = list(groups(wire_of(EXPORT)))
        if order is not None:
            random.Random(order).shuffle(chosen)
        for group in chosen:
            step = steps.run(group)
            verdicts[group.constraint, group.side] = step.verdict
            parts.append(part_of(json.loads(json.dumps(part_document(step.part)))))
        return outcome_of(wire_of(EXPORT), parts), verdicts


def in_one_go(names):
    """The outcome of a campaign."""
    with closing(wsgi_target(app(names))) as target:
        return fuzz(EXPORT, target, examples=0)


def findings(outcome):
    """What findings say, in any order, without words that tell of earlier requests."""
    return {
        (entry.constraint, entry.side, entry.verdict, entry.case, entry.message.body)
        for entry in outcome.findings
    }


PLAIN = sorted(
    name
    for name in faults()
    # Those that depend on what was sent before show themselves elsewhere in another order.
    if name.startswith(("ArchiveId", "MaxResults", "reply", "every-error", "Filters.Include"))
)
CHOSEN = random.Random(5).sample(PLAIN, 12)


@pytest.mark.parametrize("name", CHOSEN)
def test_steps_find_what_a_campaign_finds(name):
    """The same verdicts and the same findings, whatever the fault."""
    stepped, _ = in_steps((name,))
    whole = in_one_go((name,))
    assert findings(stepped) == findings(whole)
    assert {entry.constraint.id: entry.verdict for entry in stepped.verdicts} == {
        entry.constraint.id: entry.verdict for entry in whole.verdicts
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_steps_does_not_matter(seed):
    """Test runners shuffle, select and distribute."""
    names = ("ArchiveId.pattern/newline-at-end", "MaxResults.type/answered-with-500")
    straight, verdicts = in_steps(names)
    shuffled, others = in_steps(names, order=seed)
    assert findings(straight) == findings(shuffled)
    assert verdicts == others


def test_the_verdict_of_a_step_is_that_of_its_side():
    """The other side is not to blame."""
    _, verdicts = in_steps(("ArchiveId.pattern/newline-at-end",))
    assert verdicts["ArchiveId.pattern", "outside"] == "too lax"
    assert verdicts["ArchiveId.pattern", "inside"] == "enforced"
    assert verdicts["ArchiveId.maxLength", "outside"] == "implied"
    assert {name for name, verdict in verdicts.items() if verdict == "too lax"} == {
        ("ArchiveId.pattern", "outside")
    }


def test_what_all_replies_show_needs_no_other_step():
    """The step of such a constraint sends a sample of its own."""
    errors = sorted(name for name in faults() if name.startswith("every-error/named-Conflict"))
    with closing(wsgi_target(app())) as target:
        steps = GroupRuns(campaign_of(EXPORT, target))
        for constraint in ("response.ExportId.unique", "error.status", "wire.connection"):
            (group,) = narrowed(wire_of(EXPORT), constraints=(constraint,))
            assert steps.run(group).verdict == "enforced"
    assert errors


def test_a_dead_target_ends_the_steps():
    """What comes after it cannot be told, and says why."""

    def dying(environ, start_response):
        body = environ["wsgi.input"].read()
        if dead or b'"MaxResults":"' in body:
            dead.append(True)
            raise ConnectionError("gone")
        environ["wsgi.input"].seek(0)
        return good(environ, start_response)

    dead: list[bool] = []
    good = app()
    with closing(wsgi_target(dying)) as target:
        steps = GroupRuns(campaign_of(EXPORT, target))
        (outside,) = narrowed(wire_of(EXPORT), constraints=("MaxResults.type",), sides=("outside",))
        (inside,) = narrowed(wire_of(EXPORT), constraints=("MaxResults.type",), sides=("inside",))
        (status,) = narrowed(wire_of(EXPORT), constraints=("error.status",))
        (connection,) = narrowed(wire_of(EXPORT), constraints=("wire.connection",))
        assert steps.run(outside).verdict == "crash"
        for group in (inside, status, connection):
            step = steps.run(group)
            assert step.verdict == "untested"
            assert "stopped answering after" in step.reason


def test_a_constraint_fails_if_any_of_its_cases_does():
    """What is sent to tell is sent once, and what comes of it is not lost."""
    with closing(wsgi_target(app(("ArchiveId.pattern/newline-at-end",)))) as target:
        campaign = campaign_of(EXPORT, target)
        steps = GroupRuns(campaign)
        failing, parts = steps.fails(gap("ArchiveId.pattern"))
        assert failing
        assert [entry.constraint for part in parts for entry in part.findings] == [
            "ArchiveId.pattern"
        ]
        holding, more = steps.fails(gap("ArchiveId.type"))
        assert not holding
        (group,) = narrowed(wire_of(EXPORT), constraints=("ArchiveId.type",))
        assert {entry.case.id for part in more for entry in part.observations} == set(group.cases)
        assert steps.fails(gap("ArchiveId.pattern")) == (True, ())
        assert steps.fails(gap("ArchiveId.type")) == (False, ())
        step = steps.run(group)
        assert (step.verdict, step.part.observations, step.part.requests) == ("enforced", (), 0)
        # Asked again, as by a plugin that repeats tests, it is sent again.
        assert len(steps.run(group).part.observations) == len(group.cases)


@pytest.mark.parametrize(
    ("fault", "constraint"),
    [
        ("every-error/status-403", "error.status"),
        ("reply/ExportId-too-long", "response.schema"),
    ],
)
def test_what_all_replies_are_held_to_fails_if_any_reply_does(fault, constraint):
    """Every case is sent before it counts as kept; without the fault none shows it."""
    for names in ((fault,), ()):
        with closing(wsgi_target(app(names))) as target:
            steps = GroupRuns(campaign_of(EXPORT, target))
            failing, parts = steps.fails(gap(constraint))
            assert failing is bool(names)
            sent = sum(len(part.observations) for part in parts)
            everything = [group for group in groups(wire_of(EXPORT)) if not group.of_replies]
            if not names:
                assert sent == sum(len(group.cases) for group in everything)


def test_a_target_that_lacks_the_operation_raises_at_the_first_step():
    """And at each later one."""

    def nothing(environ, start_response):
        start_response("404 Not Found", [])
        return [b""]

    with closing(wsgi_target(nothing)) as target:
        steps = GroupRuns(campaign_of(EXPORT, target))
        for _ in range(2):
            with pytest.raises(TargetError, match="is not implemented"):
                steps.run(groups(wire_of(EXPORT))[0])


def test_every_case_is_in_one_group():
    """And every constraint in one or two; what keeps a server busy comes late."""
    found = [id for group in groups(wire_of(EXPORT)) if not group.of_replies for id in group.cases]
    assert len(found) == len(set(found))
    names = [group.name for group in groups(wire_of(EXPORT))]
    assert len(names) == len(set(names))
    constraints = {constraint.id for constraint in wire_of(EXPORT).constraints}
    assert {group.constraint for group in groups(wire_of(EXPORT))} == constraints
    slow = next(
        n
        for n, group in enumerate(groups(wire_of(EXPORT)))
        if any("runs-long" in id for id in group.cases)
    )
    assert slow > 100


def test_a_constraint_that_does_not_exist_is_told_with_the_nearest():
    """Members too."""
    with pytest.raises(UnknownConstraint, match=r"no constraint 'X\.y'; `contract-kit cases"):
        narrowed(wire_of(EXPORT), constraints=("X.y",))
    with pytest.raises(UnknownConstraint, match=r"did you mean Filters\.Include\?"):
        narrowed(wire_of(EXPORT), members=("Filters.Incude",))


def test_notes_and_requests_add_up():
    """As one campaign counts them."""
    parts = [
        Part(notes=(("a", 1), ("b", 2)), requests=3),
        Part(notes=(("a", 1),), requests=4, ended="gone"),
    ]
    outcome = outcome_of(wire_of(EXPORT), parts)
    assert outcome.notes == ("a (2 cases)", "b (2 cases)")
    assert (outcome.requests, outcome.ended, outcome.cases) == (7, "gone", 0)


@pytest.mark.parametrize(("minds", "verdict"), [(True, "enforced"), (False, "masked")])
def test_a_step_alone_tells_what_it_tells_after_others(minds, verdict):
    """What the first request made is in the way of the same request, with another method too."""
    put = operation("ssm:PutParameter")
    made = set()

    def keeping(environ, start_response):
        body = environ["wsgi.input"].read()
        right = environ["REQUEST_METHOD"] == "POST" or not minds
        known = environ["HTTP_X_AMZ_TARGET"] == "AmazonSSM.PutParameter" and right
        name = b"ParameterAlreadyExists" if known else b"UnknownOperationException"
        new = known and body not in made
        made.add(body)
        start_response(
            "200 OK" if new else "400 No", [("Content-Type", "application/x-amz-json-1.1")]
        )
        return [b'{"Version": 1}' if new else b'{"__type": "%s"}' % name]

    verdicts = []
    for before in ((), ("request.type",)):
        made.clear()
        with closing(wsgi_target(keeping)) as target:
            steps = GroupRuns(campaign_of(put, target))
            for group in narrowed(wire_of(put), constraints=(*before, "wire.method")):
                found = steps.run(group).verdict
            verdicts.append(found)
    assert verdicts == [verdict, verdict]


@pytest.mark.parametrize("group", [group for group in groups(wire_of(EXPORT)) if group.cases][::9])
def test_a_name_leads_back_to_its_case(group):
    """For what every reply is held to, to any case that shows it."""
    for id in group.cases:
        name, alone = group.showing(id)
        assert alone.cases == (id,)
        assert name.startswith(f"{group.constraint.replace('[]', '-item')}/{group.side}/")
        assert single(wire_of(EXPORT), name) == alone
    assert single(wire_of(EXPORT), group.name) is None
    assert single(wire_of(EXPORT), f"{group.name}/no-such-case") is None


def test_a_case_of_another_group_has_no_name():
    """Unless every reply is meant."""
    (type_,) = narrowed(wire_of(EXPORT), constraints=("ArchiveId.type",))
    (pattern,) = narrowed(wire_of(EXPORT), constraints=("ArchiveId.pattern",), sides=("outside",))
    (connection,) = narrowed(wire_of(EXPORT), constraints=("wire.connection",))
    assert pattern.showing(type_.cases[0]) is None
    name, alone = connection.showing(type_.cases[0])
    assert name == f"wire.connection/outside/{type_.cases[0].partition('/')[2]}"
    assert single(wire_of(EXPORT), name) == alone


def test_nothing_is_known_of_cases_that_a_dead_target_never_got():
    """A gap of theirs has not closed; what was sent until then shows nothing of the rest."""
    sent = []

    def dying(environ, start_response):
        sent.append(environ)
        if len(sent) > 40:
            raise ConnectionError("gone")
        return app(())(environ, start_response)

    with closing(wsgi_target(dying)) as target:
        steps = GroupRuns(campaign_of(EXPORT, target))
        of_schema = next(
            each for each in groups(wire_of(EXPORT)) if each.constraint == "response.schema"
        )
        assert steps.run(of_schema).finding is None
        shows, parts = steps.fails(gap("response.schema"))
        assert shows is None
        assert "stopped answering" in parts[-1].ended
