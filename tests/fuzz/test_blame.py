"""One cause, one finding: what shows alone is not told again of what it is part of."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.reference.server import Reference
from contract_kit.wire.message import Message

DESCRIBE = operation("swf:DescribeWorkflowExecution")
START = operation("mailmanager:StartArchiveExport")


def _variant(kit, change):
    """The correct server, but for what `change(value)` answers for a JSON object."""

    def server(asked):
        said = kit.correct(asked)
        try:
            value = asked.value if kit.is_asked(asked) else None
        except (ValueError, RecursionError):
            return said
        changed = change(value) if isinstance(value, dict) else None
        return said if changed is None else changed

    return server


def found(outcome):
    """Constraint and verdict of each finding."""
    return {(each.constraint, each.verdict) for each in outcome.findings}


def test_a_crash_on_an_absent_member_is_not_one_of_the_syntax_or_the_limits(kit):
    """Whatever other message lacks the member, exploration included."""
    server = _variant(kit, lambda value: None if "ArchiveId" in value else kit.Said(500, b"oops"))
    outcome = kit.fuzzed(server, examples=400)
    assert found(outcome) == {("ArchiveId.required", "crash")}


def test_a_crash_on_an_absent_member_is_not_one_of_its_siblings(kit):
    """Where all of them are absent, so is the one that is to blame."""

    def app(asked):
        try:
            value = asked.value
        except (ValueError, RecursionError):
            return kit.error("SerializationException")
        inner = value.get("execution") if isinstance(value, dict) else None
        if asked.method == "POST" and isinstance(inner, dict) and "runId" not in inner:
            return kit.Said(500, b"KeyError")
        try:
            complete = all(inner[name] for name in ("workflowId", "runId")) and value["domain"]
        except (KeyError, TypeError):
            return kit.error("ValidationException")
        return kit.result({}) if complete else kit.error("ValidationException")

    outcome = kit.fuzzed(app, DESCRIBE)
    crashes = {constraint for constraint, verdict in found(outcome) if verdict == "crash"}
    assert crashes == {"execution.runId.required"}


def test_a_crash_that_only_shows_in_a_malformed_message_stays_one_of_the_syntax(kit):
    """Nothing that it breaks besides crashes alone."""

    def server(asked):
        whole = asked.body.rstrip().endswith(b"}")
        return kit.correct(asked) if whole else kit.Said(500, b"oops")

    outcome = kit.fuzzed(server)
    assert ("wire.syntax", "crash") in found(outcome)


def test_members_that_are_all_absent_are_a_finding_where_each_alone_is_refused(kit):
    """A check by truth value overlooks an empty structure."""

    def app(asked):
        try:
            value = asked.value
        except (ValueError, RecursionError):
            return kit.error("SerializationException")
        if not isinstance(value, dict):
            return kit.error("SerializationException")
        inner = value.get("execution")
        if inner == {}:
            return kit.result({})
        lacks = not isinstance(inner, dict) or {"workflowId", "runId"} - inner.keys()
        return kit.error("ValidationException") if lacks else kit.result({})

    outcome = kit.fuzzed(app, DESCRIBE)
    assert ("execution.workflowId.required", "too lax") in found(outcome)


def test_a_value_that_the_user_gives_may_be_needed(kit):
    """Whichever way it is given, its absence proves nothing."""
    server = _variant(
        kit, lambda value: None if value.get("PageSize") else kit.error("ValidationException")
    )
    given = {"ArchiveId": "a-known", "PageSize": 7}
    for how in ({"bindings": given}, {"request": given}):
        outcome = kit.fuzzed(server, **how)
        assert not [each for each in outcome.findings if each.verdict == "too strict"]


@pytest.mark.parametrize(("least", "verdict"), [(9, "masked"), (11, "wrong error")])
def test_a_quota_below_the_documented_limit_hides_the_limit(kit, least, verdict):
    """If the most that is documented is refused with it as well, more of it proves nothing."""
    reference, limit = Reference(), START.constraint("Filters.Include.maxItems")
    assert limit.limit == 10

    def server(asked):
        headers = tuple(asked.headers.items())
        answer = reference.answer(Message(method=asked.method, headers=headers, body=asked.body))
        conditions = asked.body.count(b'Expression":')
        if conditions >= least and answer.status in (200, 400):
            return kit.error("ServiceQuotaExceededException", status=402)
        return kit.Said(answer.status, answer.body, answer.headers)

    cases = tuple(case.id for case in all_cases(START, None) if case.constraint == limit.id)
    assert kit.verdicts(kit.fuzzed(server, START, cases=cases))[limit.id] == verdict
