"""The patterns of every service model that the installed botocore describes."""

from __future__ import annotations

import gzip
import json
import random
from functools import cache
from pathlib import Path

import botocore
import pytest

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.compiled import Pattern, same

DATA = Path(botocore.__file__).parent / "data"
# Read whole, the models take longer than the rest of the tests.
SERVICES = 110
SAMPLE = 220


def _patterns(service: Path) -> set[str]:
    newest = max(service.glob("*/service-2.json.gz"))
    shapes = json.loads(gzip.decompress(newest.read_bytes()))["shapes"]
    return {shape["pattern"] for shape in shapes.values() if "pattern" in shape}


@cache
def corpus() -> tuple[str, ...]:
    """The distinct patterns of a fixed choice of services, the smaller models preferred."""
    models = sorted(DATA.glob("*/*/service-2.json.gz"), key=lambda path: path.stat().st_size)
    services = sorted({path.parent.parent for path in models[: len(models) * 4 // 5]})
    chosen = random.Random(0).sample(services, SERVICES)
    return tuple(sorted(set().union(*map(_patterns, chosen))))


def test_nearly_every_pattern_parses_and_the_rest_is_refused_by_name() -> None:
    """No exception but UnsupportedPattern, and at least 97 of 100 understood."""
    refused = 0
    for text in corpus():
        try:
            Pattern.parse(text)
        except UnsupportedPattern:
            refused += 1
    assert len(corpus()) > 500
    assert refused <= len(corpus()) * 3 // 100


def test_stripped_anchors_make_no_difference() -> None:
    """Documentation pages keep the anchors that the models have lost."""
    plain = [text for text in corpus() if not set("^$|") & set(text)]
    assert len(plain) > 200
    assert all(same(text, f"^{text}$") for text in plain)


def test_probes_and_examples_of_a_sample_hold() -> None:
    """Inside matches, outside does not, examples have the asked length, both engines agree."""
    checked = 0
    for text in random.Random(1).sample(corpus(), SAMPLE):
        try:
            pattern = Pattern.parse(text)
        except UnsupportedPattern:
            continue
        _check(pattern)
        checked += 1
    assert checked > SAMPLE * 9 // 10


def _check(pattern: Pattern) -> None:
    inside, outside = pattern.inside(), pattern.outside()
    assert inside, pattern.text
    for probe in inside:
        assert pattern.matches(probe.text), (pattern.text, probe)
        assert len(probe.text) >= pattern.min_length
        assert pattern.max_length is None or len(probe.text) <= pattern.max_length
    for probe in outside:
        assert not pattern.matches(probe.text), (pattern.text, probe)
    for probe in (*inside, *outside):
        # The kit's own automaton is the second opinion; very long strings take it seconds.
        if len(probe.text) < 200:
            assert pattern.automaton.matches(probe.text) == (probe in inside), (pattern.text, probe)
    for length in (pattern.min_length, pattern.min_length + 7):
        example = pattern.example(length)
        assert example is None or len(example) == length
        assert example is None or pattern.matches(example)


@pytest.mark.parametrize("text", sorted(_patterns(DATA / "mailmanager")))
def test_every_pattern_of_the_first_contract_is_portable(text: str) -> None:
    """The schemas of Mail Manager say all of their patterns themselves."""
    pattern = Pattern.parse(text)
    assert pattern.portable is not None
    example = pattern.example()
    assert example is not None
    assert pattern.matches(example)
    _check(pattern)
