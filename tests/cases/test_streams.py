"""Cases come one by one, however many an operation has, and each soon."""

from __future__ import annotations

import itertools

import pytest

from contract_kit.cases import boundary_cases
from contract_kit.cases.case_stream import CaseStream
from contract_kit.cases.open_questions import open_places, raises_question
from contract_kit.cases.typical import varied
from contract_kit.contract.document import read_operation
from contract_kit.pattern.compiled import Pattern


def test_the_number_of_cases_is_known_with_the_last_one(case_like):
    """And not before, since it would take making all of them."""
    stream = CaseStream(case_like(str(number)) for number in range(3))
    assert [stream.total for _ in stream] == [None, None, 3]
    assert len(stream) == stream.total


def test_cases_are_made_ahead_for_a_while_and_no_longer(case_like):
    """Of a stream without an end some, of a short one all."""
    endless = CaseStream(case_like(str(number)) for number in itertools.count())
    endless.make_ahead(0.01)
    assert endless.total is None
    short = CaseStream([case_like("a"), case_like("b")])
    short.make_ahead(60)
    assert short.total == 2


@pytest.fixture
def case_like(toy):
    """Makes a case with an id of its own."""
    import dataclasses

    first = boundary_cases(read_operation(*toy({"A": {"type": "string"}})))[0]
    return lambda name: dataclasses.replace(first, id=name)


def test_few_lengths_are_tried_where_longer_strings_of_a_pattern_do_not_differ(toy, monkeypatch):
    """A list of fifty different URLs is made of numbers, not by looking for a thousand lengths."""
    url = {"type": "string", "pattern": r".*https?:\/\/[a-z0-9]{1,9}\b([a-z/]*).*", "max": 1260}
    op = read_operation(
        *toy({"A": {"type": "list", "member": {"shape": "Url"}}}, others={"Url": url})
    )
    tried: list[int | None] = []
    example = Pattern.example

    def counted(pattern: Pattern, length: int | None = None) -> str | None:
        tried.append(length)
        return example(pattern, length) if len(tried) < 3 else None

    monkeypatch.setattr(Pattern, "example", counted)
    found = varied(op.shapes, "Url", 50)
    assert len(set(found)) > 9
    assert len(tried) < 100


def test_lists_of_one_size_are_made_once(toy, monkeypatch):
    """However many places hold one."""
    text = {"type": "string", "pattern": "[a-z]{3,90}", "max": 90}
    op = read_operation(*toy({"A": {"type": "list", "member": {"shape": "T"}}}, others={"T": text}))
    first = varied(op.shapes, "T", 20)
    monkeypatch.setattr(Pattern, "example", lambda *_: pytest.fail("looked for again"))
    assert varied(op.shapes, "T", 20) == first
    assert len(set(first)) == 20


def test_what_a_request_shares_with_its_twin_raises_no_question(toy):
    """Only what differs is looked at; what the twin holds at another item counts as well."""
    members = {"N": {"type": "integer"}, "L": {"type": "list", "member": {"shape": "Int"}}}
    op = read_operation(*toy(members, others={"Int": {"type": "integer"}}))
    root = op.shapes[op.input]
    items = [-1, 5]
    twin = {"N": -3, "L": items}
    assert set(open_places(op.shapes, root, twin)) == {("N",), ("L", 0)}
    shared = {**twin, "L": items}
    assert set(open_places(op.shapes, root, shared, beside=twin)) == set()
    assert set(open_places(op.shapes, root, {**twin, "L": [-1, -7]}, beside=twin)) == {("L", 1)}
    assert not raises_question(op, {**twin, "L": [5, -7]}, twin)
    assert raises_question(op, {"N": -3, "L": [-1]}, {"N": 3, "L": [-1]})
