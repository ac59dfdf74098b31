"""Which known word someone probably meant: one answer for operations, members and options."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.bindings import parse_location
from contract_kit.errors import ContractKitError
from contract_kit.text.near import LONGEST, did_you_mean, nearest

EXPORT = operation("mailmanager:StartArchiveExport")


@pytest.mark.parametrize(
    ("given", "known", "meant"),
    [
        ("SSM", ["accessanalyzer", "ssm"], "ssm"),
        ("archiveid", ["ArchiveId", "MaxResults"], "ArchiveId"),
        ("archive-id", ["ArchiveId", "MaxResults"], "ArchiveId"),
        ("archive_ids", ["ArchiveId", "MaxResults"], "ArchiveId"),
        ("max-exmples", ["max-examples", "seed"], "max-examples"),
        ("max_examples", ["max-examples", "seed"], "max-examples"),
    ],
)
def test_words_are_compared_without_case_and_hyphens_first(given, known, meant):
    """However a word is spelt that means another one, it is nearer than all others."""
    assert did_you_mean(given, known) == f"did you mean {meant}?"


def test_nothing_is_said_where_nothing_is_near():
    """Nor where two words are as near, and of whole pages, which would take long."""
    assert nearest("x", ["ArchiveId"]) is None
    assert nearest("name", ["Name", "NAME"]) is None
    assert nearest("a" * (LONGEST + 1), ["a" * LONGEST]) is None
    assert did_you_mean("x", ["ArchiveId"], otherwise="remove it") == "remove it"


@pytest.mark.parametrize(
    ("id", "meant"),
    [
        ("archiveid", "ArchiveId"),
        ("Filters.Includ", "Filters.Include"),
        ("filters.include[].booleanExpression", "Filters.Include[].BooleanExpression"),
        ("Filters.Include.BooleanExpression", "Filters.Include[].BooleanExpression"),
        (
            "Filters.Include.booleanexpresion.Evaluate",
            "Filters.Include[].BooleanExpression.Evaluate",
        ),
    ],
)
def test_a_place_that_is_not_there_is_told_with_the_one_that_is_meant(id, meant):
    """Each of its names is looked for at its own place, and brackets are put in."""
    with pytest.raises(ContractKitError) as told:
        parse_location(EXPORT, id)
    assert str(told.value).endswith(f"there; did you mean {meant}?")


@pytest.mark.parametrize("id", ["ArchiveId.Name", "Filters.Nothing", "Filters.Include[].x.y"])
def test_a_place_near_nothing_is_told_with_how_to_write_one(id):
    """No name is made up."""
    with pytest.raises(ContractKitError, match="there; write member names as in "):
        parse_location(EXPORT, id)


def test_a_constraint_that_is_not_there_is_told_with_the_nearest():
    """As everywhere."""
    with pytest.raises(ContractKitError, match=r"did you mean ArchiveId\.maxLength\?"):
        EXPORT.constraint("archiveId.maxlength")
