"""Campaigns against small servers written by hand: correct ones, and what a campaign is told."""

from __future__ import annotations

import json
import re

import pytest

from contract_kit.cases.export import all_cases
from contract_kit.errors import UsageError
from contract_kit.wire.table import wire_of


def test_a_correct_server_conforms(kit):
    """Nothing is found, nothing noted as flaky, and every constraint has its proof."""
    outcome = kit.fuzzed(kit.correct)
    assert outcome.conforms
    assert outcome.findings == ()
    assert set(kit.verdicts(outcome).values()) == {"enforced", "implied"}
    assert not [note for note in outcome.notes if "flaky" in note]
    assert outcome.cases == len(all_cases(kit.LIST, wire_of(kit.LIST)))


def test_a_correct_server_conforms_over_http(kit, at_url):
    """The same over a real connection, each good request sent once."""
    outcome = kit.fuzzed_at(at_url(kit.correct))
    assert outcome.findings == ()
    assert outcome.requests < outcome.cases


def test_a_correct_server_may_be_unusual(kit):
    """Namespaced names, the name in a header, other statuses, a charset, more members.

    And no text where what was sent cannot be read.
    """

    def unusual(asked):
        said = kit.correct(asked)
        if said.status == 200:
            more = {**json.loads(said.body), "More": [1], "NextToken": None}
            kind = (*kit.TYPE[:1], "application/x-amz-json-1.0; charset=utf-8")
            return kit.Said(200, json.dumps(more).encode(), (kind,))
        name = json.loads(said.body)["__type"]
        body = b"" if name == "SerializationException" else b'{"MESSAGE":"no"}'
        return kit.Said(400, body, (kit.TYPE, ("x-amzn-ErrorType", f"aws.x#{name}:http://x")))

    outcome = kit.fuzzed(unusual)
    assert [(entry.constraint, entry.reason) for entry in outcome.findings] == []


def test_a_server_that_validates_before_it_parses_gets_a_note(kit):
    """ValidationException for a type error is right, and unusual."""

    def validating(asked):
        said = kit.correct(asked)
        return kit.error("ValidationException") if b"Serialization" in said.body else said

    outcome = kit.fuzzed(validating)
    assert outcome.conforms
    assert [
        note for note in outcome.notes if note.startswith("ValidationException counts as right")
    ]


def test_preflight_goes_on_to_another_request(kit):
    """Some correct servers refuse the first: cases start from one that is accepted."""

    def picky(asked):
        said = kit.correct(asked)
        with_size = said.status != 200 or b"PageSize" in asked.body
        return said if with_size else kit.error("ValidationException", "PageSize is needed")

    outcome = kit.fuzzed(picky)
    assert "PageSize.type" in {entry.constraint for entry in outcome.findings}
    assert kit.verdicts(outcome)["PageSize.maximum"] == "enforced"


def test_sequence_marks_are_filled_with_fresh_numbers(kit):
    """Each request sent has its own, from the seed on."""
    seen = []

    def server(asked):
        if found := re.search(rb"a-n(\d+)x(\d+)", asked.body):
            seen.append((int(found[1]), found[2]))
        return kit.correct(asked)

    kit.fuzzed(server, bindings={"ArchiveId": "a-n{seq}x{seq12}"}, seed=3)
    numbers = [number for number, _ in seen]
    assert numbers == list(range(300_001, 300_001 + len(seen)))
    assert all(padded == b"%012d" % number for number, padded in seen)
    assert len(seen) > 50


def test_cases_start_from_the_request_that_is_given(kit):
    """Its members are in every case that does not probe them."""
    request = {"ArchiveId": "a-mine", "PageSize": 7}
    bodies = []

    def server(asked):
        if asked.method == "POST":
            bodies.append(asked.body)
        return kit.correct(asked)

    outcome = kit.fuzzed(server, request=request)
    assert outcome.conforms
    assert json.loads(bodies[0]) == request
    tokens = [body for body in bodies if b'"NextToken":5' in body]
    assert tokens
    assert all(json.loads(body) == {**request, "NextToken": 5} for body in tokens)


def test_one_case_alone_is_sent_with_its_twin(kit):
    """After the preflight, which sends its request twice, and before the last look."""
    bodies = []

    def server(asked):
        bodies.append(json.loads(asked.body))
        return kit.correct(asked)

    outcome = kit.fuzzed(server, cases=("ListArchiveExports/PageSize.maximum/one-too-large",))
    base = {"ArchiveId": "a-abcdefab"}
    assert bodies == [base, base, {**base, "PageSize": 10}, {**base, "PageSize": 51}, base]
    assert outcome.cases == 1
    assert kit.verdicts(outcome)["PageSize.maximum"] == "enforced"
    assert kit.verdicts(outcome)["PageSize.minimum"] == "untested"


def test_a_case_that_does_not_exist_is_a_usage_error(kit):
    """With the nearest that does."""
    with pytest.raises(UsageError, match=r"did you mean ListArchiveExports/PageSize\.max"):
        kit.fuzzed(kit.correct, cases=("ListArchiveExports/PageSize.maximum/one-too-larg",))


def test_the_lenient_profile_allows_what_real_services_do(kit):
    """A fraction that is truncated; the strict one finds it."""

    def truncating(asked):
        said = kit.correct(asked)
        return kit.result({"Exports": []}) if b'"PageSize":10.5' in asked.body else said

    strict, lenient = (kit.fuzzed(truncating, profile=name) for name in ("strict", "lenient"))
    assert [entry.constraint for entry in strict.findings] == ["PageSize.type"]
    assert lenient.findings == ()
    assert "accepted, as real AWS services do" in lenient.notes


def test_progress_is_told_after_each_case(kit):
    """From the first to the last."""
    told = []
    outcome = kit.fuzzed(kit.correct, listener=lambda event: told.append((event.done, event.total)))
    assert [done for done, _ in told] == [*range(1, outcome.cases + 1)]
    assert told[-1] == (outcome.cases, outcome.cases)
    # Where cases take long to make, their number is not known before the last.
    assert {total for _, total in told} <= {None, outcome.cases}


def test_two_runs_find_the_same(kit):
    """Cases, order, findings and counts: nothing depends on chance or time."""

    def lax(asked):
        said = kit.correct(asked)
        return kit.result({"Exports": []}) if b"PageSize" in asked.body else said

    assert kit.fuzzed(lax) == kit.fuzzed(lax)
    assert kit.fuzzed(lax).findings
