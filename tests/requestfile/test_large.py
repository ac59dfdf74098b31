"""Large files: the quick ways find what the thorough ones find, at the same places."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.requestfile import json_places
from contract_kit.requestfile.json_text import JsonReader, has_long_digits
from contract_kit.strategies import valid, violating
from contract_kit.validate import Validator

OPERATIONS = (
    "mailmanager:StartArchiveExport",
    "mailmanager:CreateRuleSet",
    "mailmanager:CreateRelay",
)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_engine_leads_to_every_violation(name):
    """Of requests with several violations: those of a whole walk, and no others."""
    op = operation(name)
    validator = Validator(op)
    cases = st.lists(violating(op), min_size=1, max_size=3)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(cases, valid(op))
    def led(cases, request):
        # Members from several requests, each of which breaks something.
        mixed = dict(request)
        for case in cases:
            if isinstance(case.request, dict):
                mixed |= case.request
        for value in (mixed, *(case.request for case in cases)):
            thorough = validator.violations(value)
            quick = validator.violations(value, small=False)
            assert sorted(map(str, thorough)) == sorted(map(str, quick))

    led()


@pytest.mark.parametrize("wrong", [{"timestamp": 1}, None, {"timestamp": 1, "message": ""}, 5])
def test_no_item_of_a_long_list_is_passed_over(wrong):
    """Wherever the wrong one stands."""
    validator = Validator(operation("logs:PutLogEvents"))
    events = [{"timestamp": number, "message": "x"} for number in range(75)]
    for index in range(len(events)):
        request = {
            "logGroupName": "g",
            "logStreamName": "s",
            "logEvents": [*events[:index], wrong, *events[index + 1 :]],
        }
        quick = validator.violations(request, small=False)
        assert quick == validator.violations(request)
        assert [one.path[:2] for one in quick] == [("logEvents", index)]


def test_sensitive_values_are_left_out_of_what_the_engine_leads_to():
    """As a whole walk leaves them out."""
    validator = Validator(operation("mailmanager:CreateIngressPoint"))
    request = {"IngressPointConfiguration": {"SmtpPassword": "hunter2"}}
    for small in (True, False):
        assert "hunter2" not in " ".join(
            one.message for one in validator.violations(request, small=small)
        )


def test_what_the_engine_cannot_take_is_walked_through():
    """A lone surrogate as a key."""
    validator = Validator(operation(OPERATIONS[0]))
    request = {"\ud800": 1}
    assert validator.violations(request, small=False) == validator.violations(request)


LISTS = [
    ("pretty", [{"a": "x" * (number % 7), "b": [1, {"c": 2}]} for number in range(3000)], 2),
    ("compact", [{"a": "x" * (number % 7), "b": [1, {"c": 2}]} for number in range(3000)], None),
    ("nested alike", [[{"a": 1}, {"a": 2}] for _ in range(3000)], None),
    ("uneven", [{"a": "x" * (number if number > 2900 else 0)} for number in range(3000)], 1),
    ("scalars", list(range(5000)), None),
    ("tricky strings", ["}, {" if number % 2 else "[[" for number in range(5000)], None),
    ("tricky objects", [{"a": "}, {"} for _ in range(5000)], None),
    ("two lists", [[{"a": number} for number in range(2000)], [{"a": 1}] * 2000], 1),
]


@pytest.mark.parametrize(("name", "items", "indent"), LISTS, ids=[name for name, *_ in LISTS])
@pytest.mark.parametrize("dense", [json_places.DENSE, 0])
def test_a_guess_is_never_a_wrong_place(name, items, indent, dense, monkeypatch):
    """Places far into a list are guessed at; asked for in any order, they are those of the items."""
    monkeypatch.setattr(json_places, "DENSE", dense)
    text = json.dumps({"head": [1], "list": items, "tail": [[{"a": 5}] * 500]}, indent=indent)
    document = JsonReader().read(text)
    asked = Random(1)
    indexes = [
        len(items) - 1,
        0,
        len(items) // 2,
        *asked.sample(range(len(items)), min(20, len(items))),
    ]
    for index in indexes:
        start, end = document.places.value(("list", index))
        assert json.loads(text[start:end]) == items[index], index
        before = text[:start].rstrip()
        assert before.endswith("[" if index == 0 else ",")
    # The count of items before a place tells that it is no other of the same value.
    begin = text.index("[", text.index('"list"'))
    for index in indexes[2:6]:
        start, _ = document.places.value(("list", index))
        assert len(json.loads(text[begin:start].rstrip().rstrip(",") + "]")) == index


TRICKY = (
    "}, {",
    '", "',
    '"},\\n {"',
    "]]}",
    ', {"a": "x"}, {"a": "x"}',
    "\\\\",
    '\\\\", {"a": "',
)
"""Strings that look like the places between items."""

ENDINGS = [
    *((name, items, indent) for name, items, indent in LISTS if name != "two lists"),
    ("strings", [TRICKY[number % len(TRICKY)] for number in range(3000)], None),
    ("objects", [{"a": TRICKY[number % len(TRICKY)]} for number in range(3000)], 1),
    ("one string", [{"a": 1}] * 2000 + [{"a": ", ".join(['{"a": 1}'] * 3000)}], None),
    ("lists", [[text] * (number % 3) for number in range(900) for text in TRICKY], 2),
    ("lists of lists", [[[at, n] for n in range(6)] for at in range(2000)], None),
    ("tail heavy", [{"a": "x" * (number // 10)} for number in range(3000)], None),
]


@pytest.mark.parametrize(("name", "items", "indent"), ENDINGS, ids=[one[0] for one in ENDINGS])
def test_a_guess_from_the_end_is_never_a_wrong_place(name, items, indent, monkeypatch):
    """Where the list is the last thing in its text, whatever its strings look like."""
    monkeypatch.setattr(json_places, "LONG", 100)
    text = json.dumps({"head": [1], "inner": {"list": items}}, indent=indent) + " \n"
    asked = Random(2)
    size = len(items)
    near = [
        size - 1,
        size - 2,
        size - 300,
        size - 299,
        size * 3 // 4,
        *asked.sample(range(size), 9),
    ]
    for indexes in (near, near[::-1], near[2:4]):
        places = JsonReader().read(text).places
        for index in indexes:
            start, end = places.value(("inner", "list", index))
            assert json.loads(text[start:end]) == items[index], index
            begin = text.index("[", text.index('"list"'))
            before = text[begin:start].rstrip().removesuffix(",") + "]"
            assert len(json.loads(before)) == index


def test_a_key_that_stands_twice_ends_nothing(monkeypatch):
    """The last key of an object is then not the last that stands in its text."""
    monkeypatch.setattr(json_places, "LONG", 100)
    items, others = json.dumps([{"a": 1}] * 2000), json.dumps([{"a": 2}] * 2000)
    text = f'{{"twice": 1, "list": {items}, "twice": {others}}}'
    start, end = JsonReader().read(text).places.value(("list", 1990))
    assert text[start:end] == '{"a": 1}'


def test_what_stands_near_the_end_is_not_looked_for_from_the_start(monkeypatch):
    """A few items are read, of a list of many."""
    text = json.dumps({"list": [{"a": "x" * 900} for _ in range(1000)]}, indent=2)
    places = JsonReader().read(text).places
    read = []
    scan = json_places._scan
    monkeypatch.setattr(json_places, "_scan", lambda *given: read.append(given) or scan(*given))
    start, _ = places.value(("list", 990))
    assert len(read) < 50
    assert len(json.loads(text[text.index("[") : start].rstrip().rstrip(",") + "]")) == 990


@pytest.mark.parametrize("length", [308, 309, 459, 5000])
def test_long_numbers_are_seen_wherever_they_stand(length):
    """A sample of the text is enough for those that matter."""
    for offset in range(0, 900, 7):
        text = "x" * offset + "9" * length + "y" * (1000 - offset % 13)
        assert has_long_digits(text) or length <= 308
    assert not has_long_digits('{"a": 1234567890, "b": "x"}' * 1000)


def test_a_large_file_is_told_like_a_small_one(check):
    """The same findings at the same places, with white space that makes it large."""
    request = {
        "ArchiveId": "x y",
        "FromTimestamp": 2,
        "ToTimestamp": 1,
        "MaxResults": "5",
        "archiveid": 1,
        "Filters": {"Include": [{"StringExpression": {"Operator": "contains"}}, {}]},
    }
    text = json.dumps(request)
    small = check(text)
    large = check(text[:-1] + " " * 300_000 + "}")
    assert len(small.findings) > 8
    assert large.places == small.places
    huge = check(text[:-1] + " " * 300_000 + ', "IncludeMetadata": ' + "9" * 400 + "}")
    assert "IncludeMetadata.type" in [one.constraint for one in huge.findings]
