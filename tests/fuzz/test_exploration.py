"""Exploration: what no list of cases holds is found, shrunk, repeated, and reported once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time

import pytest

EXAMPLES = 400

MAIN = "from contract_kit.cli.main import main; main()"


def explored(kit, server, *, examples=EXAMPLES, seed=1, seconds=None, **options):
    """The outcome of a campaign that explores."""
    return kit.fuzzed(server, examples=examples, seed=seed, seconds=seconds, **options)


def variant(kit, change):
    """The correct server, but for what `change(value)` answers for a request; None leaves it."""

    def server(asked):
        said = kit.correct(asked)
        try:
            changed = change(asked.value) if kit.is_asked(asked) else None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return said
        return said if changed is None else changed

    return server


def accepted(kit, wrong):
    """The correct server, which carries out what is `wrong` as well."""
    return variant(kit, lambda value: kit.result({"Exports": []}) if wrong(value) else None)


def refused(kit, right, error="ValidationException", text="no"):
    """The correct server, which refuses some of what is right."""

    def server(asked):
        said = kit.correct(asked)
        if said.status != 200:
            return said
        value = {name: given for name, given in asked.value.items() if given is not None}
        return kit.error(error, text) if right(value) else said

    return server


CLAIMS = {
    "ArchiveId": r"Value at 'archiveId' failed: Member must satisfy regular expression pattern: "
    r"a-[\w]{1,64}",
    "PageSize": "Value at 'pageSize' failed: Member must have value less than or equal to 50",
}
"""What a service says that takes a value for one that breaks a documented constraint."""


@pytest.mark.parametrize("seed", range(2))
def test_a_correct_server_conforms_whatever_the_seed(kit, seed):
    """All examples are sent, nothing is found."""
    outcome = explored(kit, kit.correct, seed=seed, examples=600)
    assert outcome.findings == ()
    assert outcome.conforms
    assert outcome.examples == 600
    assert not [note for note in outcome.notes if "flaky" in note]


@pytest.mark.parametrize(
    ("wrong", "constraint", "smallest"),
    [
        (
            lambda value: 60 <= value["PageSize"] < 10**7 and value["PageSize"] != 501,
            "PageSize.maximum",
            {"ArchiveId": "a-0", "PageSize": 60},
        ),
        (
            lambda value: -(2**31) <= value["PageSize"] < -5,
            "PageSize.minimum",
            {"ArchiveId": "a-0", "PageSize": -6},
        ),
        (
            lambda value: (
                type(value["NextToken"]) in (int, float) and value["NextToken"] not in (0, 1.5, 5)
            ),
            "NextToken.type",
            {"ArchiveId": "a-0", "NextToken": 1},
        ),
    ],
)
def test_what_is_accepted_beyond_the_boundary_is_found_and_made_small(
    kit, wrong, constraint, smallest
):
    """Once, for its constraint, with the smallest request that shows it."""
    outcome = explored(kit, accepted(kit, wrong))
    (finding,) = outcome.findings
    assert (finding.constraint, finding.side, finding.verdict) == (constraint, "outside", "too lax")
    assert json.loads(finding.message.body) == smallest
    assert re.fullmatch(
        rf"ListArchiveExports/{re.escape(constraint)}/explored-[0-9a-f]{{8}}", finding.case
    )
    assert kit.verdicts(outcome)[constraint] == "too lax"


def test_a_check_that_is_left_out_beside_another_member_is_found(kit):
    """Random surroundings show it, where each case changes one thing alone."""

    def unchecked(value):
        # Finer cases have 11 there.
        return value["PageSize"] % 2 and 1 <= value["PageSize"] <= 50 and value["PageSize"] != 11

    outcome = explored(kit, accepted(kit, unchecked), examples=600)
    found = {finding.constraint: finding for finding in outcome.findings}
    assert {"ArchiveId.pattern", "ArchiveId.type", "NextToken.type"} <= set(found)
    assert {finding.verdict for finding in found.values()} == {"too lax"}
    assert json.loads(found["ArchiveId.pattern"].message.body) == {
        "ArchiveId": "000",
        "PageSize": 1,
    }


@pytest.mark.parametrize(
    ("right", "constraint", "smallest"),
    [
        (
            lambda value: "Q" in value["ArchiveId"] and len(value["ArchiveId"]) < 30,
            "ArchiveId.pattern",
            {"ArchiveId": "a-Q"},
        ),
        (
            lambda value: 30 < value.get("PageSize", 0) < 45,
            "PageSize.type",
            {"ArchiveId": "a-abcdefab", "PageSize": 31},
        ),
    ],
)
def test_what_is_refused_although_it_conforms_is_blamed_on_its_value(
    kit, right, constraint, smallest
):
    """Put alone into the request that is accepted, it is refused there, too.

    The error claims that a documented constraint is broken, which is not so.
    """
    outcome = explored(kit, refused(kit, right, text=CLAIMS[constraint.partition(".")[0]]))
    (finding,) = outcome.findings
    assert (finding.constraint, finding.side) == (constraint, "inside")
    assert finding.verdict == "too strict"
    assert json.loads(finding.message.body) == smallest


def test_a_made_up_value_that_is_refused_is_a_note(kit):
    """The service may demand what no model states; the user is told how to give what it takes."""
    outcome = explored(kit, refused(kit, lambda value: 30 < value.get("PageSize", 0) < 45))
    assert outcome.findings == ()
    assert [note for note in outcome.notes if "nothing is concluded" in note]


def test_two_things_that_are_refused_are_two_findings(kit):
    """After the first one its value is held, so that it does not hide the second."""
    right = lambda value: "Q" in value["ArchiveId"] or 30 < value.get("PageSize", 0) < 45  # noqa: E731
    text = "; ".join(CLAIMS.values())
    outcome = explored(kit, refused(kit, right, text=text), examples=800)
    found = [finding.constraint for finding in outcome.findings]
    assert sorted(found) == ["ArchiveId.pattern", "PageSize.type"]


def test_what_the_boundary_shows_is_not_found_again(kit):
    """One finding, that of the case; the value is held, and what else is refused still shows."""
    right = lambda value: value.get("PageSize", 0) > 40  # noqa: E731
    without = kit.fuzzed(refused(kit, right))
    outcome = explored(kit, refused(kit, right))
    assert [finding.constraint for finding in without.findings] == ["PageSize.maximum"]
    assert outcome.findings == without.findings


def test_a_refusal_of_the_surroundings_proves_nothing(kit):
    """The same request without the defect is refused as well; page tokens have a twin without."""
    both = {"PageSize", "NextToken"}
    server = variant(
        kit, lambda value: kit.error("OtherException") if both <= value.keys() else None
    )
    outcome = explored(kit, server)
    assert outcome.findings == ()


def test_making_a_finding_small_takes_a_bounded_number_of_requests(kit, monkeypatch):
    """Hypothesis by itself would go on; here there are three for the one finding."""
    monkeypatch.setattr("contract_kit.fuzz.exploration.session.SHRINKING", 3)
    wrong = accepted(kit, lambda value: 60 <= value["PageSize"] < 400)
    bounded, correct = explored(kit, wrong), explored(kit, kit.correct)
    (finding,) = bounded.findings
    assert len(finding.message.body) > 30
    # It is sent twice more, each time with its twin.
    spent = [run.requests - run.cases - run.examples for run in (bounded, correct)]
    assert spent[0] - spent[1] <= 3 + 4 + 1


def test_members_that_exclude_each_other_are_a_note(kit):
    """No model states it: a reader has to weigh it."""
    right = lambda value: {"PageSize", "NextToken"} <= value.keys()  # noqa: E731
    # Page tokens are sent only where one is given.
    given = {"ArchiveId": "a-abcdefab", "NextToken": "given"}
    outcome = explored(kit, refused(kit, right), request=given)
    assert outcome.findings == ()
    assert [note for note in outcome.notes if "several members at once" in note]


def test_a_combination_that_crashes_is_a_finding(kit):
    """Whatever the model leaves out, no request may crash a server."""

    def server(asked):
        said = kit.correct(asked)
        value = asked.value if said.status == 200 else {}
        if None not in value.values() and len(value) == 3 and value.get("PageSize", 0) > 40:
            return kit.Said(500, b"")
        return said

    (finding,) = explored(kit, server).findings
    assert (finding.constraint, finding.verdict) == ("request.type", "crash")
    assert json.loads(finding.message.body) == {
        "ArchiveId": "a-0",
        "NextToken": "0",
        "PageSize": 41,
    }


def test_a_raw_message_that_crashes_is_found(kit):
    """Bodies that are nearly JSON, of which the cases hold a few only."""

    def server(asked):
        unpaired = asked.body.count(b'"') % 2 == 1 and b"\\" not in asked.body[:-1]
        if kit.is_asked(asked) and unpaired and asked.body.endswith(b"}"):
            return kit.Said(500, b"")
        return kit.correct(asked)

    (finding,) = [found for found in explored(kit, server).findings if "explored" in found.case]
    assert finding.verdict == "crash"
    assert re.fullmatch(r"ListArchiveExports/wire\.\w+/explored-[0-9a-f]{8}", finding.case)


def test_an_implementation_that_answers_now_so_now_so_is_called_flaky(kit):
    """What does not show again when it is repeated is no finding."""
    met = set()

    def server(asked):
        said = kit.correct(asked)
        fresh = said.status == 400 and asked.body not in met
        met.add(asked.body)
        large = re.search(rb'"PageSize":[6-9]\d\d[,}]', asked.body)
        lax = kit.is_asked(asked) and fresh and large
        return kit.result({"Exports": []}) if lax else said

    outcome = explored(kit, server, examples=800)
    assert outcome.findings == ()
    assert [note for note in outcome.notes if note.startswith("flaky: too lax")]


def test_a_target_that_dies_is_blamed_on_the_request_that_killed_it(kit):
    """Not on a smaller one that met a dead target; the run ends with what it has."""
    dead = []

    def server(asked):
        value = asked.value if kit.correct(asked).status == 200 else {}
        if dead or (value.get("PageSize") or 0) in range(20, 50):
            dead.append(asked.body)
            raise ConnectionError("gone")
        return kit.correct(asked)

    outcome = explored(kit, server)
    (finding,) = outcome.findings
    assert finding.verdict == "crash"
    assert finding.message.body == dead[0]
    assert "the target stopped answering" in outcome.ended
    assert not outcome.conforms


def test_a_crash_from_which_the_target_comes_back_is_made_small(kit):
    """One dropped connection at a time."""

    def server(asked):
        value = asked.value if kit.correct(asked).status == 200 else {}
        if (value.get("PageSize") or 0) in range(20, 50):
            raise ConnectionError("dropped")
        return kit.correct(asked)

    (finding,) = explored(kit, server).findings
    assert (finding.constraint, finding.verdict) == ("PageSize.type", "crash")
    assert json.loads(finding.message.body) == {"ArchiveId": "a-abcdefab", "PageSize": 20}


def test_bound_values_hold_in_every_example(kit):
    """But where their own constraint is explored; numbers are fresh in each."""
    bodies = []

    def server(asked):
        bodies.append(asked.body)
        said = kit.correct(asked)
        if said.status == 200 and b'"a-known-' not in asked.body.replace(b"_", b"-"):
            return kit.error("ResourceNotFoundException")
        return said

    outcome = explored(kit, server, bindings={"ArchiveId": "a-known_{seq}"}, examples=200)
    assert outcome.findings == ()
    assert kit.verdicts(outcome)["PageSize.maximum"] == "enforced"
    numbers = [found[1] for body in bodies if (found := re.search(rb"known_(\d+)", body))]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 200


def test_examples_are_like_the_request_that_is_given(kit):
    """All of its members but one at most have the values of the file."""
    request = {"ArchiveId": "a-mine", "NextToken": "mine", "PageSize": 7}
    bodies = []

    def server(asked):
        said = kit.correct(asked)
        if said.status == 200:
            bodies.append(asked.value)
        return said

    without = len((kit.fuzzed(server, request=request), bodies)[1])
    bodies.clear()
    outcome = explored(kit, server, request=request, examples=200)
    assert outcome.findings == ()
    drawn = bodies[without:]
    assert len(drawn) > 20
    for value in drawn:
        same = [name for name in request if value.get(name) == request[name]]
        assert len(same) >= 2, value
    assert len({json.dumps(value) for value in drawn}) > 10


def test_conforming_requests_that_meet_no_resource_tell_what_to_bind(kit):
    """A state error says nothing of validation."""
    known = lambda value: value["ArchiveId"] != "a-abcdefab"  # noqa: E731
    outcome = explored(kit, refused(kit, known, "ResourceNotFoundException"), examples=100)
    assert [
        note
        for note in outcome.notes
        if "ResourceNotFoundException; name something that exists" in note
    ]
    assert {finding.verdict for finding in outcome.findings} <= {"wrong error"}


def test_a_reply_that_breaks_its_schema_is_found_in_an_example(kit):
    """Replies are held to their promises whatever was asked."""

    def server(asked):
        said = kit.correct(asked)
        odd = said.status == 200 and (asked.value.get("PageSize") or 0) in range(20, 45)
        return kit.result({"Exports": 5}) if odd else said

    (finding,) = explored(kit, server).findings
    assert (finding.constraint, finding.verdict) == ("response.schema", "too lax")
    assert "/explored-" in finding.case


def test_a_time_limit_ends_exploration(kit):
    """The cases are all sent; what follows them stops when the time is up."""
    started = time.monotonic()
    outcome = explored(kit, kit.correct, examples=10**6, seconds=0.5)
    assert time.monotonic() - started < 120
    assert outcome.conforms
    assert 0 < outcome.examples < 10**5


def test_few_examples_are_as_many_as_are_asked_for(kit):
    """Fewer than there are constraints, or one."""
    for examples in (1, 7):
        assert explored(kit, kit.correct, examples=examples).examples == examples


@pytest.mark.parametrize("examples", [60, 80], ids=["one-by-one", "some-at-once"])
def test_the_same_seed_sends_the_same_requests_in_any_directory(kit, at_url, tmp_path, examples):
    """Byte for byte, whatever the hash seed, the profile that Hypothesis chooses, or what lies
    in the folder; another seed sends others. Which of four that are sent at once comes first is
    not for the seed to say."""
    sent = []

    def server(asked):
        sent.append((asked.headers.get("x-amz-target"), asked.body))
        return kit.correct(asked)

    url = at_url(server)
    runs = []
    for number, (seed, more) in enumerate(((5, {}), (5, {"CI": "1"}), (6, {}))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "conftest.py").write_text(f"NAMES = ['a-{number}{number}']\n")
        words = ["mailmanager:ListArchiveExports", "--url", url, "--max-examples", str(examples)]
        environment = {**os.environ, "PYTHONHASHSEED": str(number), **more}
        environment.pop("HYPOTHESIS_STORAGE_DIRECTORY", None)
        subprocess.run(
            [sys.executable, "-c", MAIN, "fuzz", *words, "--seed", str(seed)],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=True,
        )
        assert [path.name for path in folder.iterdir()] == ["conftest.py"]
        runs.append(sent.copy() if examples == 60 else sorted(sent, key=repr))
        sent.clear()
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_hypothesis_is_loaded_only_to_explore():
    """Neither for help, nor without examples."""
    script = "import sys; sys.argv[1:] = {!r}\ntry:\n    from contract_kit.cli.main import main; main()\nfinally:\n    print('hypothesis' in sys.modules)"
    one = ["--case", "StartArchiveExport/ArchiveId.pattern/trailing-newline"]
    for words, loaded in (
        (["fuzz", "--help"], False),
        (["fuzz", "--max-examples", "0", *one], False),
        (["fuzz", *one], False),
        (["fuzz", "--max-examples", "1"], True),
    ):
        done = subprocess.run(
            [sys.executable, "-c", script.format(words)], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == str(loaded), words
