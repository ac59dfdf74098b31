"""Seeded faults: each is there, has a name of its own, and is seen from outside."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from dataclasses import replace

import pytest

import contract_kit
from contract_kit.cases.case import Case
from contract_kit.contract.catalog import committed_names
from contract_kit.contract.constraints import request_constraints
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.pattern import charset
from contract_kit.pattern.automaton import Automaton
from contract_kit.pattern.compiled import Pattern
from contract_kit.reference.faults.at import changed_at, values_at
from contract_kit.reference.faults.catalog import SEEDS, fault, fault_names, faults
from contract_kit.reference.faults.fault import Fault
from contract_kit.reference.faults.patterns import difference, pattern_faults, slips, with_classes
from contract_kit.reference.server import Reference
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message, Reply

Corpus = tuple[tuple[Case, Message], ...]

SLOW = "pattern: backtracking engine"
UNREAD = "body of a refused request left unread"

BY_MECHANISM: dict[str, list[Fault]] = defaultdict(list)
for each in faults().values():
    BY_MECHANISM[each.mechanism].append(each)


@pytest.fixture(scope="session")
def messages(operation: Operation, request_value: Json, corpus: Corpus) -> tuple[Message, ...]:
    """The cases that the kit sends, and a few requests that only these faults are about."""
    words: Json = {
        "Evaluate": {"Attribute": "TO"},
        "Operator": "CONTAINS",
        "Values": ["equal"] * 11,
    }
    filters: tuple[Json, ...] = (
        [{"StringExpression": words}],
        [{"StringExpression": {**words, "Values": ["100%"]}}],
        [{"StringExpression": {}}],
        [{"BooleanExpression": {}}],
        "",
        {},
    )
    changes: list[Json] = [
        {"FromTimestamp": "Tue, 14 Nov 2023 22:13:20 GMT"},
        {"ToTimestamp": "Wed, 15 Nov 2023 22:13:20 GMT"},
        {"FromTimestamp": 2**33, "ToTimestamp": 2**34},
        {"ExportDestinationConfiguration": {"S3": {"S3Location": "s3:/bucket"}}},
        {"ArchiveId": "-abc"},
        {"FromTimestamp": 0.125},
        {"FromTimestamp": -1, "ToTimestamp": 0},
        {"FromTimestamp": -2, "ToTimestamp": -1},
        {"ToTimestamp": 1_700_172_800.125},
        *({"MaxResults": value} for value in (2**31, 2**63, 2**64, 2.5, "5", "", "ten", True)),
        *({"IncludeMetadata": value} for value in ("1", "true", "YES", "", "no", 0, 1, 2, [True])),
    ]
    changes += [{"Filters": {side: value}} for side in ("Include", "Unless") for value in filters]
    protocol = AwsJson()
    more = tuple(protocol.encode(operation, {**request_value, **change}) for change in changes)
    return (*(message for _, message in corpus), *more)


@pytest.fixture(scope="session")
def right(messages: tuple[Message, ...]) -> tuple[Reply, ...]:
    """What a correct server says to each message."""
    reference = Reference()
    return tuple(map(reference.answer, messages))


def shown(name: str, messages: tuple[Message, ...], right: tuple[Reply, ...]) -> Message | None:
    """The first message that a server with the fault answers otherwise than a correct one."""
    reference = Reference((name,))
    for message, expected in zip(messages, right, strict=True):
        if reference.answer(message) != expected:
            return message
    return None


@pytest.mark.parametrize("mechanism", sorted(set(BY_MECHANISM) - {SLOW, UNREAD}))
def test_each_mechanism_makes_a_fault_that_a_request_shows(
    mechanism: str, messages: tuple[Message, ...], right: tuple[Reply, ...]
) -> None:
    """The first of its faults is told from the correct server."""
    first = next(each for each in BY_MECHANISM[mechanism] if not each.equivalent)
    assert shown(first.name, messages, right) is not None, first.name


def test_no_request_shows_a_fault_that_is_equivalent_by_proof(
    corpus: Corpus, messages: tuple[Message, ...], right: tuple[Reply, ...]
) -> None:
    """Both servers accept the same requests and refuse the others by the same name."""
    equivalent = [each for each in faults().values() if each.equivalent]
    assert any(each.name == "ArchiveId.minLength/not-enforced" for each in equivalent)
    for each in equivalent:
        reference = Reference((each.name,))
        for message, expected in zip(messages, right, strict=True):
            got = reference.answer(message)
            assert got.status == expected.status, each.name
            assert _name(got) == _name(expected), each.name


def _name(reply: Reply) -> Json:
    return json.loads(reply.body).get("__type")


def test_a_backtracking_engine_takes_longer_with_each_character(
    operation: Operation, request_value: Json
) -> None:
    """The fault doubles its time per character; the correct server does not care."""

    def seconds(reference: Reference, slashes: int) -> float:
        location = {"S3": {"S3Location": "s3://abc" + "/" * slashes + "#"}}
        request = {**request_value, "ExportDestinationConfiguration": location}
        message = AwsJson().encode(operation, request)
        started = time.process_time()
        assert reference.answer(message).status == 400
        return time.process_time() - started

    slow = Reference((BY_MECHANISM[SLOW][0].name,))
    seconds(slow, 1)
    assert seconds(slow, 19) > 20 * seconds(slow, 12)
    assert seconds(Reference(), 100_000) < 10


def test_names_are_unique_and_say_where_and_what() -> None:
    """Many faults, none of them hidden by another of the same name."""
    operation = contract_kit.operation("mailmanager:StartArchiveExport")
    made = [each.name for seeds in SEEDS for each in seeds(operation)]
    assert len(made) == len(set(made)) == len(fault_names()) >= 600
    assert all(re.fullmatch(r"[^\s/]+/[^\s/]+", name) for name in made)
    assert all(each.description and each.mechanism for each in faults().values())


def test_each_request_constraint_has_faults_on_both_sides(operation: Operation) -> None:
    """Nothing that is documented goes without a fault."""
    names = fault_names()
    for constraint in operation.constraints:
        if constraint.kind not in ("wire", "response", "error"):
            assert f"{constraint.id}/not-enforced" in names
            assert f"{constraint.id}/answered-with-500" in names


def test_an_unknown_name_is_a_usage_error_with_a_near_match() -> None:
    """A slip of the pen is put right; for nonsense the message says where the names are."""
    with pytest.raises(UsageError, match=r"did you mean 'ArchiveId\.pattern/searched'"):
        fault("ArchiveId.patern/searched")
    with pytest.raises(UsageError, match="--list-faults names them all"):
        Reference(("\0" * 40,))


def test_faults_can_be_combined(operation: Operation, request_value: Json) -> None:
    """Each one does what it does alone."""
    reference = Reference(("ArchiveId.pattern/searched", "reply/status-201"))
    request = {**request_value, "ArchiveId": "say a-1"}
    assert reference.answer(AwsJson().encode(operation, request)).status == 201


def test_faults_leave_other_operations_alone() -> None:
    """A constraint of the same id in another operation is still enforced."""
    reference = Reference(("ArchiveId.pattern/not-enforced",))
    target = ("X-Amz-Target", "MailManagerSvc.ListArchiveExports")
    reply = reference.answer(Message(headers=(target,), body=b'{"ArchiveId":"wrong"}'))
    assert _name(reply) == "ValidationException"


def test_servers_share_no_state(good: Message) -> None:
    """A fault that remembers starts anew with each server."""
    name = "poison/every-5th-fails"
    for _ in range(3):
        reference = Reference((name,))
        assert [reference.answer(good).status for _ in range(5)] == [200] * 4 + [500]


def test_values_are_reached_in_lists_and_maps() -> None:
    """Every value of a location, with its path; what leads nowhere is passed over."""
    request = {"A": [{"B": 1}, {"B": None}, {}, 5], "M": {"x": 2, "y": 3}}
    assert list(values_at(request, ("A", "[]", "B"))) == [(("A", 0, "B"), 1), (("A", 1, "B"), None)]
    assert list(values_at(request, ("M", "[value]"))) == [(("M", "x"), 2), (("M", "y"), 3)]
    assert [name for _, name in values_at(request, ("M", "[key]"))] == ["x", "y"]
    changed = changed_at(request, ("A", "[]", "B"), lambda value: "new")
    assert changed == {"A": [{"B": "new"}, {"B": "new"}, {}, 5], "M": {"x": 2, "y": 3}}
    assert changed_at(request, ("M", "[value]"), str)["M"] == {"x": "2", "y": "3"}
    assert changed_at(request, ("A", "B", "C"), str) == request


@pytest.mark.parametrize(
    ("left", "right", "low", "high", "differ"),
    [
        ("a*", "(aa)*", 0, None, True),
        ("(a|b)*", "[ab]*", 0, None, False),
        ("(/[/a]*)*", "(/[/a]*)?", 0, None, False),
        ("a{0,3}", "a{1,3}", 1, 3, False),
        ("a{0,3}", "a{1,3}", 0, 3, True),
        ("a{1,3}", "a+", 0, 3, False),
        ("a{1,3}", "a+", 2, None, True),
        ("(?!b)[ab]", "a", 0, None, False),
    ],
)
def test_two_patterns_are_compared_by_what_they_match(
    left: str, right: str, low: int, high: int | None, differ: bool
) -> None:
    """The proof of equivalence knows languages, not spellings."""
    trees = Pattern.parse(left).tree, Pattern.parse(right).tree
    assert difference(*trees, low, high) is differ


def test_slips_change_classes_and_repeats_in_every_place() -> None:
    """One slip at a time: of a class, of a literal, of each bound."""
    tree = Pattern.parse("x[a-c.]{2,5}|y*(?!x)").tree
    made = {slug: changed for slug, _, changed in slips(tree)}
    assert {"character1-left-out", "character1-in-any-case"} <= made.keys()
    assert {f"character2-without-{name}" for name in ("a", "c", "u002e")} <= made.keys()
    assert "character2-without-b" not in made
    assert {"repeat1-one-less", "repeat1-one-more", "repeat1-one-more-refused"} <= made.keys()
    assert {"repeat2-one-more-needed", "repeat2-at-most-once"} <= made.keys()
    assert Automaton(made["repeat1-one-more"]).matches("xaaaaaa")
    assert not Automaton(made["repeat2-at-most-once"]).matches("yy")


def test_a_pattern_is_folded_in_every_place() -> None:
    """Choices, repeats and look-arounds included."""
    folded = with_classes(Pattern.parse("(?!ab)(a|cd)x*(?=y)y").tree, charset.fold_ascii)
    walk = Automaton(folded)
    assert [text for text in ("AXY", "cDxxy", "ABy", "ey") if walk.matches(text)] == [
        "AXY",
        "cDxxy",
    ]


def test_a_pattern_that_no_one_can_decide_gets_no_slips(operation: Operation) -> None:
    """Its other faults stay."""
    shape = replace(operation.shapes["ArchiveId"], pattern=r"(a)\1")
    shapes = {**operation.shapes, "ArchiveId": shape}
    undecided = replace(
        operation, shapes=shapes, constraints=request_constraints(shapes, operation.input)
    )
    assert not any(each.name.startswith("ArchiveId") for each in pattern_faults(undecided))
    assert any(each.name.startswith("ExportDest") for each in pattern_faults(undecided))


def test_the_mechanisms_make_faults_of_any_operation() -> None:
    """Nothing in them knows the operation: each of a service yields faults with their own names."""
    for name in committed_names("mailmanager"):
        operation = contract_kit.operation(f"mailmanager:{name}")
        made = [
            each.name for seeds in SEEDS if seeds is not pattern_faults for each in seeds(operation)
        ]
        assert len(made) == len(set(made)) > 200, name
