"""Draws examples with Hypothesis until one fails, and makes that one small."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")


class _FailsError(Exception):
    """The error that Hypothesis sees for a draw that fails."""


class SearchEnded(BaseException):
    """Ends a search at once. No Exception: Hypothesis would take it for a failure and go on."""


def search(
    strategy: SearchStrategy[Drawn], fails: Callable[[Drawn], bool], *, examples: int, seed: int
) -> Drawn | None:
    """The smallest failing draw found, None where `examples` draws all pass.

    fails: asked about each draw; the same one must get the same answer. It may raise SearchEnded,
    in which case the smallest draw that failed until then is returned.
    """
    smallest: Drawn | None = None

    # Every setting that decides what is drawn is given: profiles of the user's must not matter.
    @seeded(seed)
    @settings(
        max_examples=examples,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def attempt(draw: Drawn) -> None:
        nonlocal smallest
        if fails(draw):
            smallest = draw
            raise _FailsError

    with suppress(_FailsError, SearchEnded, Unsatisfiable):
        attempt()
    return smallest


def seed_of(seed: int, *words: object) -> int:
    """A seed for one search of many: no other search moves it."""
    text = repr((seed, *words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


@contextmanager
def own_storage() -> Iterator[None]:
    """Lets Hypothesis keep its tables in a temporary folder, never where the user works."""
    with tempfile.TemporaryDirectory(prefix="contract-kit-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
