"""Prints how fast the kit is against other tools, both sides measured in the same run.

    python tests/benchmarks/run.py [--only NAME]

Exit code 1 where a limit is missed. Each row alternates the two sides and takes the medians of
several rounds, so that it holds on a machine whose speed drifts.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fuzzing
import plugin
import request_files
import spying
import strategies
import validation

ROUNDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: `ours` and `theirs` measure once and return seconds.

    at_most: the limit of ours / theirs. at_least: the limit of theirs / ours.
    """

    name: str
    ours: Callable[[], float]
    theirs: Callable[[], float]
    at_most: float | None = None
    at_least: float | None = None
    rounds: int = ROUNDS


def rows() -> Iterator[Row]:
    """All comparisons."""
    for name, ours, theirs, limit in validation.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, **limit)
    for name, ours, theirs, limit in strategies.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, rounds=5, **limit)
    for name, ours, theirs, limit in fuzzing.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, rounds=5, **limit)
    for name, ours, theirs, limit in plugin.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, **limit)
    for name, ours, theirs, limit in spying.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, **limit)
    for name, ours, theirs, limit in request_files.comparisons():
        yield Row(name=name, ours=ours, theirs=theirs, **limit)


def measure(row: Row) -> bool:
    """Prints one row; whether it is within its limit."""
    pairs = [(row.ours(), row.theirs()) for _ in range(row.rounds)]
    ours = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    if row.at_most is not None:
        ratio, limit = ours / theirs, f"at most {row.at_most:g}"
        kept = ratio <= row.at_most
    else:
        assert row.at_least is not None, row.name
        ratio, limit = theirs / ours, f"at least {row.at_least:g}"
        kept = ratio >= row.at_least
    print(f"{row.name:<58} {ratio:8.2f}  {limit:<14} {'' if kept else 'MISSED'}", flush=True)
    return kept


def main() -> int:
    """Measures the rows asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="rows whose name holds this text")
    only = parser.parse_args().only
    results = [measure(row) for row in rows() if only in row.name]
    if not results:
        print(f"no row is named {only!r}", file=sys.stderr)
        return 2
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
