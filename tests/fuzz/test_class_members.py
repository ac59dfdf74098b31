"""Services that refuse one character of those that a pattern documents, and say little of it."""

from __future__ import annotations

import pytest

from contract_kit.fuzz.campaign.class_members import plain_class
from contract_kit.pattern.compiled import Pattern


def _refusing(kit, refuses, text="Bad request", name="ValidationException"):
    """A server that refuses conforming strings with a text that tells nothing."""

    def server(asked):
        said = kit.correct(asked)
        if said.status != 200 or not refuses(asked.value["ArchiveId"]):
            return said
        return kit.error(name, text)

    return server


def _found(outcome):
    return [(each.constraint, each.verdict) for each in outcome.findings]


@pytest.mark.parametrize("char", ["_", "0", "9", "A", "Z", "z"])
def test_a_member_refused_beside_one_that_is_accepted_is_too_strict(kit, char):
    """Whatever the text: the class documents each of its members."""
    outcome = kit.fuzzed(_refusing(kit, lambda name: char in name[2:]))
    assert _found(outcome) == [("ArchiveId.pattern", "too strict")]
    assert repr(char) in outcome.findings[0].reason


def test_of_members_refused_by_kind_one_is_named(kit):
    """Such as all capital letters."""
    outcome = kit.fuzzed(_refusing(kit, lambda name: name != name.lower()))
    assert _found(outcome) == [("ArchiveId.pattern", "too strict")]
    assert "'A'" in outcome.findings[0].reason


@pytest.mark.parametrize(
    ("refuses", "text", "name"),
    [
        # Only what is known is taken.
        (lambda name: name != "a-abcdefab", "Bad request", "ValidationException"),
        # Rules of its own about the ends of names.
        (lambda name: name[2] in "_0123456789", "Bad request", "ValidationException"),
        (lambda name: name.endswith("_"), "Bad request", "ValidationException"),
        # It is about something else.
        (lambda name: "_" in name, "no such archive", "ValidationException"),
        (lambda name: "_" in name, "no", "ResourceNotFoundException"),
    ],
)
def test_what_is_refused_for_another_reason_shows_nothing(kit, refuses, text, name):
    """A known name, the ends of a name, and what does not exist are no matter of the class."""
    outcome = kit.fuzzed(_refusing(kit, refuses, text, name))
    assert "too strict" not in kit.verdicts(outcome).values()


@pytest.mark.parametrize(
    ("pattern", "slug", "plain"),
    [
        (r"a-[\w]{1,64}", "repeat1-members1", True),
        ("[a-z0-9]{1,64}", "repeat1-members1", True),
        ("id-[A-Z]+", "repeat1-members1", True),
        ("[a-zA-Z0-9.-]{3,63}", "repeat1-members1", False),
        ("[0-9a-f]{8}", "repeat1-members1", False),
        ("[0-9]{4}-[0-9]{2}", "repeat2-members1", False),
        ("[a-z]{1,8}-[0-9]{1,8}", "repeat1-members1", True),
        ("[a-z]{1,8}-[0-9]{1,8}", "repeat2-members1", False),
    ],
)
def test_only_whole_classes_of_word_characters_are_plain(pattern, slug, plain):
    """Signs, digits alone and hexadecimal digits often are a syntax, such as that of dates."""
    assert bool(plain_class(Pattern.parse(pattern), slug)) is plain
