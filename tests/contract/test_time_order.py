"""One rule says which time of a structure comes first, for requests and for files alike."""

from __future__ import annotations

import pytest

from contract_kit.contract.shape import Member, Shape
from contract_kit.contract.time_order import PAIRS, in_order, rank, time_pairs

TIME = Shape(name="Time", type="timestamp")


def _structure(*names):
    members = tuple(Member(name=name, shape="Time") for name in names)
    return {"Time": TIME}, Shape(name="Range", type="structure", members=members)


@pytest.mark.parametrize(("low", "high"), PAIRS)
def test_each_pair_of_words_is_read_alike_in_files_and_in_requests(low, high):
    """In any spelling of the members, with words on either side."""
    for form in ("{}", "{}Time", "Created{}", "created{}"):
        earlier, later = form.format(low), form.format(high)
        shapes, shape = _structure(later, earlier)
        assert (rank(earlier), rank(later)) == (0, 2)
        assert list(time_pairs(shapes, shape)) == [(earlier, later)]
        assert in_order(shapes, shape, {earlier: 1, later: 2})
        assert not in_order(shapes, shape, {earlier: 2, later: 1})


def test_what_is_valid_not_before_and_not_after_lies_between_the_two():
    """The words alone say the opposite."""
    shapes, shape = _structure("notBefore", "notAfter")
    assert (rank("notBefore"), rank("notAfter")) == (0, 2)
    assert list(time_pairs(shapes, shape)) == [("notBefore", "notAfter")]


def test_bounds_of_a_search_count_and_not_what_they_are_about():
    """A start before and an end after say nothing about each other."""
    assert (rank("StartTimeAfter"), rank("StartTimeBefore"), rank("EndTimeAfter")) == (0, 2, 0)


@pytest.mark.parametrize("name", ["TotalTime", "TokenCreated", "Timestamp", "CreatedAt"])
def test_other_names_say_nothing(name):
    """Though they begin with letters that do."""
    assert rank(name) == 1
