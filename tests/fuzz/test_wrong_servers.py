"""Campaigns against servers that are wrong in one way: what is found, and that nothing else is."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.errors import TargetError
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")


@pytest.mark.parametrize(
    ("accepts", "constraint", "verdict"),
    [
        (lambda value: value["ArchiveId"] == "A-abcdefab", "ArchiveId.pattern", "too lax"),
        (lambda value: value["ArchiveId"] is None, "ArchiveId.required", "too lax"),
        (lambda value: value["NextToken"] == "", "NextToken.minLength", "too lax"),
        (lambda value: len(value["NextToken"]) == 2049, "NextToken.maxLength", "too lax"),
        (lambda value: value["PageSize"] == 51, "PageSize.maximum", "too lax"),
        (lambda value: value["PageSize"] == "10", "PageSize.type", "too lax"),
        (lambda value: value["PageSize"] == 10.5, "PageSize.type", "too lax"),
    ],
)
def test_one_thing_too_many_accepted_is_found_and_nothing_else(kit, accepts, constraint, verdict):
    """One finding, with the request that shows it; all other constraints stay enforced."""

    def lax(asked):
        said = kit.correct(asked)
        try:
            wrong = kit.is_asked(asked) and accepts(asked.value)
        except (KeyError, TypeError, ValueError, RecursionError):
            return said
        return kit.result({"Exports": []}) if wrong else said

    outcome = kit.fuzzed(lax)
    assert [(entry.constraint, entry.verdict) for entry in outcome.findings] == [
        (constraint, verdict)
    ]
    assert accepts(json.loads(outcome.findings[0].message.body))
    assert not outcome.conforms
    assert kit.verdicts(outcome)[constraint] == verdict


@pytest.mark.parametrize(
    ("refuses", "constraint"),
    [
        (lambda value: value["ArchiveId"] == "a-a", "ArchiveId.pattern"),
        (lambda value: len(value["NextToken"]) == 2048, "NextToken.maxLength"),
        (lambda value: value["PageSize"] == 50, "PageSize.maximum"),
        (lambda value: value["PageSize"] is None, "PageSize.type"),
        (lambda value: "contractKit999" in value, "wire.limits"),
    ],
)
def test_one_thing_refused_that_conforms_is_too_strict(kit, refuses, constraint):
    """A verdict of its own."""

    def strict(asked):
        said = kit.correct(asked)
        try:
            wrong = said.status == 200 and refuses(asked.value)
        except (KeyError, TypeError):
            return said
        return kit.error("ValidationException") if wrong else said

    findings = kit.fuzzed(strict).findings
    assert {entry.verdict for entry in findings} == {"too strict"}
    assert constraint in {entry.constraint for entry in findings}


def test_denying_every_bad_request_is_wrong_everywhere(kit):
    """403 to everything must not look conformant: the right error is named in each finding."""

    def denying(asked):
        said = kit.correct(asked)
        return said if said.status == 200 else kit.error("AccessDeniedException", status=403)

    outcome = kit.fuzzed(denying)
    found = {entry.constraint: entry for entry in outcome.findings}
    outside = {
        case.constraint
        for case in all_cases(kit.LIST, wire_of(kit.LIST))
        if case.expects == "reject"
    }
    assert set(found) == outside
    assert {entry.verdict for entry in outcome.findings} == {"wrong error"}
    assert "ValidationException is right" in found["ArchiveId.pattern"].reason
    assert "SerializationException is right" in found["PageSize.type"].reason


def test_denying_everything_is_no_implementation_to_judge(kit):
    """The advice is to name something that exists."""
    with pytest.raises(TargetError, match=r"AccessDeniedException: no; name something .* --bind"):
        kit.fuzzed(lambda asked: kit.error("AccessDeniedException", status=403))


def test_refusing_everything_needs_a_request_that_is_accepted(kit):
    """The advice is to give one."""
    with pytest.raises(TargetError, match=r"ValidationException; give one that .* --request FILE"):
        kit.fuzzed(lambda asked: kit.error("ValidationException", ""))


@pytest.mark.parametrize(
    "unknown",
    [
        lambda kit: kit.error("UnknownOperationException"),
        lambda kit: kit.error("UnknownOperationException", status=404),
        lambda kit: kit.Said(404, b"<h1>Not Found</h1>"),
        lambda kit: kit.Said(405, b""),
        lambda kit: kit.Said(501, b"not here"),
        lambda kit: kit.Said(500, b"NotImplementedError"),
    ],
)
def test_a_route_that_does_not_exist_is_not_implemented(kit, unknown):
    """It answers as it answers an operation that nobody has: no verdict would mean anything."""
    said = unknown(kit)
    with pytest.raises(TargetError, match="ListArchiveExports is not implemented"):
        kit.fuzzed(lambda asked: said)


def test_a_crash_on_every_good_request_is_a_finding(kit):
    """The operation is there, since other operations are unknown."""

    def crashing(asked):
        said = kit.correct(asked)
        return kit.Said(500, b"oops") if said.status == 200 else said

    outcome = kit.fuzzed(crashing)
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("request.type", "crash")
    assert finding.reason == "HTTP 500: oops"
    assert outcome.ended == "no conforming request was answered"


def test_an_identifier_given_twice_is_found(kit):
    """ "Unique identifier" is documented; the request that got it first is named."""
    only = ("StartArchiveExport/ArchiveId.pattern/longest",)

    def again(asked):
        return kit.result({"ExportId": "export-1"})

    outcome = kit.fuzzed(again, EXPORT, cases=only)
    (finding,) = (entry for entry in outcome.findings if entry.constraint.endswith(".unique"))
    assert (finding.constraint, finding.verdict) == ("response.ExportId.unique", "too lax")
    assert re.search(
        r"ExportId 'export-1' was already given for StartArchiveExport/\S+", finding.reason
    )


def test_a_missing_identifier_is_found(kit):
    """Once, however often it is missing."""
    only = tuple(f"StartArchiveExport/ArchiveId.pattern/{slug}" for slug in ("longest", "shortest"))
    outcome = kit.fuzzed(lambda asked: kit.result({}), EXPORT, cases=only)
    found = {entry.constraint: entry for entry in outcome.findings}
    assert set(found) == {"response.ExportId.present"}
    assert found["response.ExportId.present"].count == 2


def test_an_identifier_of_the_wrong_type_is_a_fault_of_the_schema(kit):
    """It is not looked up among the others."""
    only = ("StartArchiveExport/ArchiveId.pattern/longest",)
    outcome = kit.fuzzed(lambda asked: kit.result({"ExportId": 5}), EXPORT, cases=only)
    assert {entry.constraint for entry in outcome.findings} == {"response.schema"}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (lambda kit, name: kit.error(name, 'File "/srv/app.py", line 3, in f'), "error.leak"),
        (lambda kit, name: kit.error(name, status=418), "error.status"),
        (lambda kit, name: kit.error(name, ["no"]), "error.shape"),
        (
            lambda kit, name: kit.Said(400, kit.error(name).body, (("Content-Type", "x/y"),)),
            "error.contentType",
        ),
    ],
)
def test_what_every_error_gets_wrong_is_one_finding(kit, wrong, constraint):
    """Not one for each case that was refused so."""

    def server(asked):
        said = kit.correct(asked)
        return said if said.status == 200 else wrong(kit, json.loads(said.body)["__type"])

    (finding,) = kit.fuzzed(server).findings
    assert (finding.constraint, finding.verdict) == (constraint, "wrong error")
    assert finding.count > 50


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (lambda kit: kit.Said(201, b'{"Exports": []}'), "response.status"),
        (lambda kit: kit.Said(200, b'{"Exports": []}', ()), "response.contentType"),
        (lambda kit: kit.Said(200, b'{"Exports": 5}'), "response.schema"),
    ],
)
def test_what_every_result_gets_wrong_is_one_finding(kit, change, constraint):
    """The operation is carried out all the same: nothing else is found."""

    def server(asked):
        said = kit.correct(asked)
        return change(kit) if said.status == 200 else said

    (finding,) = kit.fuzzed(server).findings
    assert finding.constraint == constraint


def test_each_constraint_and_side_is_found_once_with_its_smallest_message(kit):
    """A server that checks nothing: what shows each finding is as short as can be."""

    def lax(asked):
        said = kit.correct(asked)
        readable = kit.is_asked(asked) and asked.body.startswith(b'{"') and said.status == 400
        return kit.result({"Exports": []}) if readable else said

    outcome = kit.fuzzed(lax)
    sides = [(entry.constraint, entry.side) for entry in outcome.findings]
    assert len(sides) == len(set(sides))
    found = {entry.constraint: entry for entry in outcome.findings}
    assert found["NextToken.minLength"].count == 1
    pattern = [
        case
        for case in all_cases(kit.LIST, wire_of(kit.LIST))
        if (case.constraint, case.expects) == ("ArchiveId.pattern", "reject")
    ]
    shortest = min(len(case.request["ArchiveId"]) for case in pattern)
    shown = json.loads(found["ArchiveId.pattern"].message.body)["ArchiveId"]
    assert found["ArchiveId.pattern"].count == len(pattern)
    assert len(shown) == shortest


def test_both_sides_of_one_constraint_can_be_found(kit):
    """Too lax outside and too strict inside are two findings; the verdict is the worse one."""

    def shifted(asked):
        said = kit.correct(asked)
        try:
            size = asked.value.get("PageSize")
        except (AttributeError, ValueError, RecursionError):
            return said
        if kit.is_asked(asked) and size == 50:
            return kit.error("ValidationException")
        return kit.result({"Exports": []}) if kit.is_asked(asked) and size == 51 else said

    outcome = kit.fuzzed(shifted)
    assert {(entry.constraint, entry.side, entry.verdict) for entry in outcome.findings} == {
        ("PageSize.maximum", "inside", "too strict"),
        ("PageSize.maximum", "outside", "too lax"),
    }
    assert kit.verdicts(outcome)["PageSize.maximum"] == "too lax"


def test_members_that_exclude_each_other_are_a_note(kit):
    """No model states it, so nobody is blamed; but the reader is told."""

    def exclusive(asked):
        said = kit.correct(asked)
        both = b'"PageSize"' in asked.body and b'"NextToken"' in asked.body
        return kit.error("ValidationException", "not both") if said.status == 200 and both else said

    # Page tokens are sent only where one is given.
    outcome = kit.fuzzed(exclusive, request={"ArchiveId": "a-abcdefab", "NextToken": "given"})
    assert any("a request with every member is refused" in note for note in outcome.notes)


@pytest.mark.parametrize(
    ("carried_out", "verdict"), [(("GET", "PUT"), "too lax"), ((), "enforced")]
)
def test_a_wrong_method_is_found_whatever_else_results_get_wrong(kit, carried_out, verdict):
    """A page for browsers is no result: it is wrong in other ways than the results are."""
    html = (("Content-Type", "text/html"),)

    def created(asked):
        if asked.method in carried_out:
            asked = replace(asked, method="POST")
        elif asked.method == "GET":
            return kit.Said(200, b"<html>Welcome</html>", html)
        said = kit.correct(asked)
        return replace(said, status=201) if said.status == 200 else said

    found = kit.verdicts(kit.fuzzed(created))
    assert found["response.status"] == "too lax"
    assert found["wire.method"] == verdict


def test_nothing_is_known_of_connections_that_brought_no_reply(kit):
    """Neither that they keep replies apart nor that they don't."""
    said = kit.Said(502, b"<html>No</html>", (("Content-Type", "text/html"),))
    assert kit.verdicts(kit.fuzzed(lambda asked: said))["wire.connection"] == "untested"
