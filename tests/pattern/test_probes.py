"""Probes inside and outside: what they cover, and on which side they are."""

from __future__ import annotations

import re

import pytest

from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.probes import PatternProbe

ARCHIVE = r"a-[\w]{1,64}"
S3 = r"s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*"
WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
# Lax readings of the archive pattern that real servers have; each has to fall for a probe.
LAX = {
    "search": lambda text: re.search(r"a-[\w]{1,64}", text, re.ASCII),
    "match": lambda text: re.match(r"a-[\w]{1,64}", text, re.ASCII),
    "unanchored start": lambda text: re.search(r"a-[\w]{1,64}\Z", text, re.ASCII),
    "python dollar": lambda text: re.match(r"a-[\w]{1,64}$", text, re.ASCII),
    "multiline": lambda text: re.search(r"^a-[\w]{1,64}$", text, re.ASCII | re.MULTILINE),
    "unicode": lambda text: re.fullmatch(r"a-[\w]{1,64}", text),
    "ignore case": lambda text: re.fullmatch(r"a-[\w]{1,64}", text, re.ASCII | re.IGNORECASE),
    "no least": lambda text: re.fullmatch(r"a-[\w]{0,64}", text, re.ASCII),
    "no most": lambda text: re.fullmatch(r"a-[\w]+", text, re.ASCII),
    "most 65": lambda text: re.fullmatch(r"a-[\w]{1,65}", text, re.ASCII),
    "A-z": lambda text: re.fullmatch(r"a-[0-9A-z]{1,64}", text),
    "hyphens": lambda text: re.fullmatch(r"a-[\w-]{1,64}", text, re.ASCII),
    "any prefix": lambda text: re.fullmatch(r".-[\w]{1,64}", text, re.ASCII),
    "stripped": lambda text: re.fullmatch(r"a-[\w]{1,64}", text.strip(), re.ASCII),
    "first character": lambda text: re.fullmatch(r"a-\w.{0,63}", text, re.ASCII),
    "last character": lambda text: re.fullmatch(r"a-.{0,63}\w", text, re.ASCII),
    "length only": lambda text: 3 <= len(text) <= 66,
    "nothing": lambda text: True,
}  # fmt: skip
# Over-strict readings; each has to refuse an inside probe.
STRICT = {
    "no digits": r"a-[A-Za-z_]{1,64}",
    "no capitals": r"a-[0-9a-z_]{1,64}",
    "no underscore": r"a-[0-9A-Za-z]{1,64}",
    "least 2": r"a-[\w]{2,64}",
    "most 63": r"a-[\w]{1,63}",
    "a to y": r"a-[0-9A-Z_a-y]{1,64}",
}


def texts(probes: tuple[PatternProbe, ...]) -> set[str]:
    return {probe.text for probe in probes}


@pytest.mark.parametrize("name", LAX)
def test_each_lax_reading_accepts_an_outside_probe(name: str) -> None:
    """Were one of these missing, a server with that fault would look conformant."""
    probes = Pattern.parse(ARCHIVE).outside(3, 66)
    assert any(LAX[name](probe.text) for probe in probes)


@pytest.mark.parametrize("name", STRICT)
def test_each_strict_reading_refuses_an_inside_probe(name: str) -> None:
    """Both ends of each count and every member of the class are among the inside probes."""
    probes = Pattern.parse(ARCHIVE).inside(3, 66)
    assert any(not re.fullmatch(STRICT[name], probe.text, re.ASCII) for probe in probes)


def test_one_string_holds_every_member_of_a_repeated_class() -> None:
    """All 63 word characters travel in a single request."""
    probes = Pattern.parse(ARCHIVE).inside()
    assert any(sorted(text) == sorted("a-" + WORD) for text in texts(probes))
    assert len(probes) < 8


def test_a_class_too_large_for_one_string_is_spread_over_several() -> None:
    """No member is lost between two strings."""
    found = texts(Pattern.parse(r"x[\w]{2,5}").inside())
    assert set("".join(found)) == set(WORD)
    assert max(map(len, found)) == 6


def test_a_line_is_no_string_and_a_string_no_line() -> None:
    """Each way in which an engine mistakes one for the other has its own probe."""
    found = {probe.slug: probe.text for probe in Pattern.parse("ab").outside()}
    assert found["trailing-newline"] == "ab\n"
    assert found["leading-newline"] == "\nab"
    assert found["second-line-valid"] == "ab\nab"
    assert re.fullmatch("ab\n[^ab].*", found["second-line-junk"])
    assert re.fullmatch("[^ab].*\nab", found["first-line-junk"])
    assert found["leading-blank"] == " ab"
    assert found["trailing-blank"] == "ab "
    assert found["empty"] == ""
    assert not found["only-blanks"].strip()


@pytest.mark.parametrize(("text", "low", "high"), [(ARCHIVE, 25, 47), (S3, 50, 76)])
def test_near_misses_are_moderate_in_number(text: str, low: int, high: int) -> None:
    """Each costs a request; each is there once."""
    probes = Pattern.parse(text).outside()
    assert low <= len(probes) <= high
    assert len(texts(probes)) == len(probes)
    assert len({probe.slug for probe in probes}) == len(probes)


@pytest.mark.parametrize(
    "text", [ARCHIVE, S3, r"(?!aws:)[\w:]{3,20}", r"\d{3}-(a|bc)?x", r"[\p{L} ]{2,9}"]
)
def test_probes_keep_the_length_bounds_or_say_so(text: str) -> None:
    """Inside probes always; outside probes unless the bounds leave no near miss of that kind."""
    pattern = Pattern.parse(text)
    inside, outside = pattern.inside(4, 12), pattern.outside(4, 12)
    assert all(4 <= len(probe.text) <= 12 and pattern.matches(probe.text) for probe in inside)
    assert inside
    for probe in outside:
        assert (4 <= len(probe.text) <= 12) == probe.within_length, probe
        assert not pattern.matches(probe.text)
    assert any(probe.within_length for probe in outside)


def test_shortest_and_longest_follow_the_bounds() -> None:
    """The bounds of the member narrow those of the pattern."""
    lengths = [len(probe.text) for probe in Pattern.parse(ARCHIVE).inside(5, 40)]
    assert (min(lengths), max(lengths)) == (5, 40)
    assert {len(text) for text in texts(Pattern.parse(ARCHIVE).inside())} >= {3, 66}


def test_every_option_and_count_of_a_nested_pattern_is_shown() -> None:
    """Options inside optional groups are reached as well."""
    found = texts(Pattern.parse(r"x(-(cn|gov)){0,2}y*").inside())
    assert any("-cn" in text for text in found)
    assert any("-gov" in text for text in found)
    assert any("x" in text and "-" not in text for text in found)
    assert any(re.search("-(cn|gov)-(cn|gov)", text) for text in found)
    assert any("y" * 32 in text for text in found)


def test_single_classes_show_all_their_members_together() -> None:
    """The k-th string holds the k-th member of each class: as many strings as the largest has."""
    found = texts(Pattern.parse(r"[abc][0-4]").inside())
    assert {text[0] for text in found} == set("abc")
    assert {text[1] for text in found} == set("01234")
    assert len(found) <= 8


def test_a_huge_class_is_shown_by_edges_and_an_astral_character() -> None:
    """A request per code point is out of the question."""
    found = "".join(texts(Pattern.parse(r"[^\u0000-\u001f]{1,400}").inside()))
    assert {" ", "\ud7ff", "\ue000", "\U0010ffff", "😀", "é"} <= set(found)


@pytest.mark.parametrize(
    ("text", "opened", "closed"),
    [
        ("^abc", {"trailing-newline", "known-suffix"}, {"known-prefix", "leading-newline"}),
        ("abc$", {"known-prefix", "leading-newline"}, {"trailing-newline", "known-suffix"}),
        ("^abc$", set(), {"known-prefix", "known-suffix"}),
        ("abc", set(), {"known-prefix", "known-suffix"}),
        ("$|^abc", set(), {"known-prefix", "known-suffix"}),
        ("^(?!x)a+b(?!c)", {"trailing-blank"}, {"leading-blank"}),
    ],
)
def test_an_end_without_its_anchor_is_marked_open(
    text: str, opened: set[str], closed: set[str]
) -> None:
    """Where one anchor stands alone, a correct server may accept what lies beyond the other end."""
    flags = {probe.slug: probe.open_end for probe in Pattern.parse(text).outside()}
    assert all(flags[slug] for slug in opened)
    assert not any(flags[slug] for slug in closed)


def test_slugs_stay_when_the_bounds_change() -> None:
    """Case ids are made of them: they name what is probed, not a position in a list."""
    pattern = Pattern.parse(ARCHIVE)
    assert {probe.slug for probe in pattern.outside()} >= {
        probe.slug for probe in pattern.outside(3, 66) if probe.within_length
    }


@pytest.mark.parametrize(("pattern", "low", "high"), [(ARCHIVE, 3, 66), (S3, 0, None)])
def test_finer_near_misses_do_not_match(pattern: str, low: int, high: int | None) -> None:
    """By Python's own engine, which reads these two patterns as they are meant."""
    probes = Pattern.parse(pattern).finer(low, high)
    assert len(probes) > 40
    assert not [p.text for p in probes if re.fullmatch(pattern, p.text, re.ASCII)]
    assert all(low <= len(p.text) and (high is None or len(p.text) <= high) for p in probes)


def test_finer_near_misses_repeat_no_outside_probe() -> None:
    """Neither their strings nor their slugs."""
    pattern = Pattern.parse(ARCHIVE)
    known = pattern.outside(3, 66)
    finer = pattern.finer(3, 66)
    assert not texts(known) & texts(finer)
    assert not {probe.slug for probe in known} & {probe.slug for probe in finer}


def test_a_short_class_has_its_percent_encoded_member() -> None:
    """Three characters need the room of three."""
    texts_of_short = texts(Pattern.parse("[a-z]{1,4}").finer())
    assert any("%61" in text for text in texts_of_short)


@pytest.mark.parametrize(
    ("pattern", "text", "doubtful"),
    [
        ("^.*$", "a\nb", True),
        (".{1,3}", "a\u2028b", True),
        (".{1,3}", "abcd\n", False),
        (r"[\s\S]*", "a\nb", False),
        (".*", "ab", False),
        ("a.*", "a\nb", False),
        (r"[^\n]*", "a\nb", False),
    ],
)
def test_whether_a_dot_takes_the_end_of_a_line_is_in_doubt(
    pattern: str, text: str, doubtful: bool
) -> None:
    """Where a pattern asks for nothing but dots, since its documentation means any text then."""
    parsed = Pattern.parse(pattern)
    assert parsed.in_doubt(text) == doubtful
    assert parsed.opened(text) == doubtful
