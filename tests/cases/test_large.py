"""What operations of a thousand locations cost."""

from __future__ import annotations

import tracemalloc
from collections import Counter

from contract_kit.cases import boundary_cases
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.contract.document import read_operation
from contract_kit.pattern.compiled import Pattern


def test_a_string_is_looked_for_once_however_many_places_it_has(toy, monkeypatch):
    """Not once for each request that holds it."""
    code = {"type": "string", "pattern": "co[a-z]{3,9}de"}
    names = [f"Code{number}" for number in range(30)]
    fields = {"type": "structure", "members": {name: {"shape": "Code"} for name in names}}
    op = read_operation(*toy({"A": fields, "B": fields}, others={"Code": code}))
    looked: Counter[tuple[str, int | None]] = Counter()
    example = Pattern.example

    def counted(pattern: Pattern, length: int | None = None) -> str | None:
        looked[pattern.text, length] += 1
        return example(pattern, length)

    monkeypatch.setattr(Pattern, "example", counted)
    cases = boundary_cases(op)
    assert len({case.constraint for case in cases}) > 2 * len(names)
    finer_cases(op, known=cases)
    # By the probes, by the typical string, and by the other one in its place.
    assert max(looked.values()) <= 2 * len(names)


def test_finer_cases_of_large_requests_take_little_more_memory_than_the_cases(toy):
    """What tells two requests apart is not their text."""
    names = [f"Text{number}" for number in range(12)]
    texts = {name: {"type": "string", "min": 9_000} for name in names}
    op = read_operation(*toy({**texts, "B": {"type": "integer"}}, required=names))
    cases = boundary_cases(op)
    tracemalloc.start()
    found = finer_cases(op, known=cases)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    text = len(str(cases[0].request))
    assert len(found) > 20
    assert peak < 0.5 * text * (len(cases) + len(found))


def test_the_tenth_place_of_a_shape_is_probed_by_each_constraint_and_two_wrong_types(toy):
    """Whoever reads values unseen overlooks one wrong type, and stumbles over another."""
    code = {"type": "string", "min": 2, "max": 4, "pattern": "[a-z]+"}
    fields = {
        f"F{number}": {"type": "structure", "members": {"Code": {"shape": "Code"}}}
        for number in range(10)
    }
    cases = boundary_cases(read_operation(*toy(fields, others={"Code": code})))
    broken = {
        place: Counter(
            case.constraint.removeprefix(f"{place}.Code.")
            for case in cases
            if case.expects == "reject" and case.constraint.startswith(f"{place}.Code.")
        )
        for place in ("F0", "F9")
    }
    assert broken["F9"] == {"minLength": 1, "maxLength": 1, "pattern": 1, "type": 2}
    assert broken["F9"] < broken["F0"]
