"""Campaigns against servers with state: busy, exhausted, flaky, poisoned, out of step."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.verdict.causes import causes
from contract_kit.wire.table import wire_of


def test_a_quota_that_is_used_up_masks_and_is_no_finding(kit):
    """What was proven before stays proven."""
    accepted = iter(range(3))

    def limited(asked):
        said = kit.correct(asked)
        if said.status == 200 and next(accepted, None) is None:
            return kit.error("ServiceQuotaExceededException", status=402)
        return said

    outcome = kit.fuzzed(limited)
    assert outcome.findings == ()
    got = kit.verdicts(outcome)
    assert got["ArchiveId.pattern"] == "enforced"
    hidden = [entry for entry in outcome.verdicts if "ServiceQuotaExceeded" in entry.detail]
    assert hidden
    assert {entry.verdict for entry in hidden} <= {"masked", "untested"}


def throttling(kit, server, refused):
    """A server that is told by `refused(count)` which of its requests it has no time for."""
    count = iter(range(1_000_000))
    busy = kit.error("ThrottlingException", status=429)
    wait = kit.Said(busy.status, busy.body, (*busy.headers, ("Retry-After", "0")))
    return lambda asked: wait if refused(next(count)) else server(asked)


def test_throttling_at_the_start_is_waited_for(kit):
    """Every request of the run is carried out in the end."""
    outcome = kit.fuzzed(throttling(kit, kit.correct, lambda count: count < 4))
    assert outcome.conforms
    assert outcome.requests == kit.fuzzed(kit.correct).requests + 4


def test_throttling_now_and_then_changes_nothing(kit):
    """Not the verdicts, and not the notes."""
    outcome = kit.fuzzed(throttling(kit, kit.correct, lambda count: count % 3 == 1))
    calm = kit.fuzzed(kit.correct)
    assert (outcome.verdicts, outcome.notes) == (calm.verdicts, calm.notes)
    assert outcome.requests > calm.requests


def test_unavailability_now_and_then_changes_nothing(kit):
    """A nameless 503 is a plea for patience as well."""
    count = iter(range(1_000_000))
    away = kit.Said(503, b"come back", (("Retry-After", "0"),))
    outcome = kit.fuzzed(lambda asked: away if next(count) % 4 == 1 else kit.correct(asked))
    assert outcome.verdicts == kit.fuzzed(kit.correct).verdicts


def test_an_answer_that_is_not_repeated_is_a_note(kit):
    """Once may be an accident: nobody is blamed."""
    accident = iter([kit.Said(500, b"accident")])

    def flaky(asked):
        if b'"PageSize":51' in asked.body:
            return next(accident, None) or kit.correct(asked)
        return kit.correct(asked)

    outcome = kit.fuzzed(flaky)
    assert outcome.findings == ()
    assert outcome.conforms
    assert "flaky: crash once, then not again, in PageSize.maximum" in outcome.notes


def test_answers_that_are_not_repeated_time_and_again_are_a_finding(kit):
    """A server that fails now and then fails."""
    count = iter(range(1_000_000))

    def unreliable(asked):
        said = kit.correct(asked)
        return kit.Said(500, b"") if said.status == 200 and next(count) % 7 == 6 else said

    outcome = kit.fuzzed(unreliable)
    assert ("wire.connection", "crash") in {
        (entry.constraint, entry.verdict) for entry in outcome.findings
    }


def poisoned_by(kit, is_poison):
    """A server that refuses the request that follows a poisonous one."""
    state = {"poisoned": False}

    def server(asked):
        was, state["poisoned"] = state["poisoned"], False
        said = kit.correct(asked)
        state["poisoned"] = is_poison(asked)
        return kit.error("ValidationException", "bad state") if was else said

    return server


def test_a_bad_request_that_spoils_the_next_good_one_is_named(kit):
    """State leaks from one request into another: found as such, with the request to blame."""
    cases = all_cases(kit.LIST, wire_of(kit.LIST))
    good = next(case for case in cases if case.id.endswith("PageSize.maximum/greatest"))
    poison = cases[cases.index(good) - 1]
    server = poisoned_by(kit, lambda asked: asked.body == kit.body(poison.request))
    (finding,) = kit.fuzzed(server).findings
    assert (finding.constraint, finding.case) == ("wire.connection", good.id)
    assert f"answered differently after {poison.id} than alone" in finding.reason


def test_a_bad_request_that_spoils_all_that_follow_is_found(kit):
    """One bad accepted request can poison later ones; the constraint it broke is named too."""
    state = {"poisoned": False}

    def server(asked):
        if state["poisoned"]:
            return kit.error("ValidationException", "corrupt")
        if b'"NextToken":""' in asked.body:
            state["poisoned"] = True
        return kit.correct(asked)

    outcome = kit.fuzzed(server)
    reasons = {entry.constraint: entry.reason for entry in outcome.findings}
    assert "a request that was accepted before is now refused" in reasons["wire.connection"]


def test_a_run_that_spoils_the_server_at_its_very_end_is_found(kit):
    """The request that was accepted first is sent last once more."""
    last = all_cases(kit.LIST, wire_of(kit.LIST))[-1]
    state = {"poisoned": False}

    def server(asked):
        if state["poisoned"]:
            return kit.Said(500, b"corrupt")
        state["poisoned"] = asked.body == kit.body(last.request)
        return kit.correct(asked)

    (finding,) = kit.fuzzed(server).findings
    assert finding.constraint == "wire.connection"
    assert (
        finding.reason == "accepted at the start of the run, but not at the end: HTTP 500: corrupt"
    )


def test_a_refused_body_left_unread_is_named_as_such(kit, at_url):
    """What is left in the connection is read as the next request: keep-alive out of step."""
    right = "MailManagerSvc.ListArchiveExports"
    server = at_url(kit.correct, reads=lambda headers: headers.get("x-amz-target") == right)
    (finding,) = kit.fuzzed_at(server).findings
    assert finding.constraint == "wire.connection"
    assert "answered differently after ListArchiveExports/wire.target/" in finding.reason


def test_a_bound_value_holds_everywhere_but_in_its_own_cases(kit):
    """A server that knows one archive: not found is true for others, and proves nothing."""

    def knows_one(asked):
        said = kit.correct(asked)
        try:
            other = kit.is_asked(asked) and asked.value["ArchiveId"] != "a-known"
        except (KeyError, TypeError, ValueError, RecursionError):
            return said
        return kit.error("ResourceNotFoundException", status=404) if other else said

    unbound = kit.fuzzed(knows_one)
    assert unbound.findings == ()
    (advice,) = [note for note in unbound.notes if "prove nothing" in note]
    assert "refused with ResourceNotFoundException: no; name something that exists" in advice
    kinds = ("required", "minLength", "maxLength", "pattern", "type")
    own = {f"ArchiveId.{kind}" for kind in kinds}
    given = {"bindings": {"ArchiveId": "a-known"}}, {"request": {"ArchiveId": "a-known"}}
    for bound in given:
        outcome = kit.fuzzed(knows_one, **bound)
        got = kit.verdicts(outcome)
        # Every violation of the name is looked up: it is not validated, which is one cause.
        assert {id for id, verdict in got.items() if verdict == "wrong error"} == own
        assert set(got.values()) == {"wrong error", "enforced"}
        (cause,) = causes(outcome)
        assert cause.title == "ArchiveId is looked up before it is validated (5)"


def test_a_name_that_is_validated_first_may_well_not_be_found(kit):
    """Not found is a true answer for some violations, where others are told from it."""

    def knows_one(asked):
        said = kit.correct(asked)
        try:
            archive = asked.value["ArchiveId"] if kit.is_asked(asked) else "a-known"
            looked_up = archive != "a-known" and len(archive) <= 66
        except (KeyError, TypeError, ValueError, RecursionError):
            return said
        return kit.error("ResourceNotFoundException", status=404) if looked_up else said

    for bound in ({"bindings": {"ArchiveId": "a-known"}}, {"request": {"ArchiveId": "a-known"}}):
        outcome = kit.fuzzed(knows_one, **bound)
        got = kit.verdicts(outcome)
        assert outcome.findings == ()
        assert got["ArchiveId.pattern"] == "masked"
        assert got["ArchiveId.maxLength"] in ("enforced", "implied", "masked")


def test_a_case_whose_twin_is_refused_proves_nothing(kit):
    """A rejection shows something only beside an acceptance."""

    def no_size(asked):
        said = kit.correct(asked)
        refused = said.status == 200 and b"PageSize" in asked.body
        return kit.error("ConflictException", status=409) if refused else said

    outcome = kit.fuzzed(no_size, cases=("ListArchiveExports/PageSize.maximum/one-too-large",))
    (entry,) = (entry for entry in outcome.verdicts if entry.constraint.id == "PageSize.maximum")
    assert (entry.verdict, entry.detail) == (
        "untested",
        "its twin is not accepted: ConflictException",
    )


CREATE = operation("mailmanager:CreateArchive")


def creating(kit, checks):
    """A server that makes archives, each name once; `checks` says which names it takes."""
    taken = set()

    def server(asked):
        try:
            value = asked.value
        except (ValueError, RecursionError):
            return kit.error("SerializationException")
        name = value.get("ArchiveName") if isinstance(value, dict) else None
        if not isinstance(name, str):
            return kit.error("SerializationException")
        if not checks(name):
            return kit.error("ValidationException")
        if name in taken:
            return kit.error("ConflictException", status=409)
        taken.add(name)
        return kit.result({"ArchiveId": f"a-{len(taken)}"})

    return server


def test_a_name_that_was_taken_by_mistake_is_in_the_way_of_no_verdict(kit):
    """Accepted once, in the way when repeated: too lax all the same, and nobody is called flaky."""
    bindings = {"ArchiveName": "n-{seq}"}
    got = kit.fuzzed(creating(kit, lambda name: True), CREATE, bindings=bindings)
    verdicts = kit.verdicts(got)
    assert verdicts["ArchiveName.pattern"] == verdicts["ArchiveName.maxLength"] == "too lax"
    assert "wire.connection" not in {finding.constraint for finding in got.findings}
    assert not any("flaky" in note for note in got.notes)


def test_what_comes_of_a_request_that_should_be_refused_is_held_to_nothing(kit):
    """A reply that echoes a bad value is the fault of taking the value."""

    def echoing(asked):
        said = kit.correct(asked)
        if said.status == 400 and kit.is_asked(asked) and b'"ArchiveId":""' in asked.body:
            return kit.result({"Exports": [{"ExportId": ""}]})
        return said

    outcome = kit.fuzzed(echoing)
    assert {finding.constraint for finding in outcome.findings} == {"ArchiveId.minLength"}


SECRET = operation("secretsmanager:CreateSecret")


TOKEN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("bindings", "version", "found"),
    [
        ({"ClientRequestToken": TOKEN}, lambda given: given, set()),
        ({}, lambda given: given, set()),
        ({}, lambda given: TOKEN, {"response.VersionId.unique"}),
    ],
    ids=["one-token-bound", "fresh-tokens", "always-the-same"],
)
def test_an_identifier_that_the_caller_chose_may_come_again(kit, bindings, version, found):
    """A request with a token that was sent before is the same request, says the caller."""

    def server(asked):
        try:
            given = asked.value["ClientRequestToken"]
        except (ValueError, RecursionError, TypeError, KeyError):
            return kit.error("SerializationException")
        return kit.result({"VersionId": version(given)})

    request = {"Name": "n", "ClientRequestToken": TOKEN}
    got = kit.fuzzed(server, SECRET, request=request, bindings=bindings)
    unique = {entry.constraint for entry in got.findings if entry.constraint.endswith(".unique")}
    assert unique == found
