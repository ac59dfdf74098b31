"""Finds the lines of NDJSON that need a closer look, at the speed of the scanner and the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.contract.shape import Json
from contract_kit.requestfile.json_text import JsonReader, counting_scanner
from contract_kit.requestfile.ndjson import Block
from contract_kit.requestfile.request_checker import FileChecker


def lines_to_check(block: Block, checker: FileChecker | None) -> Iterator[int]:
    """Indices of the lines that are not found right at once, blank ones among them.

    Envelopes are always lines_to_check, and all lines where no checker is known.
    """
    if checker is None:
        yield from range(len(block.lines))
    elif block.plain_keys and not block.long_digits:
        yield from _by_count(block, checker.quick or checker.conforms)
    else:
        yield from _by_pairs(block, checker.conforms)


def _by_count(block: Block, conforms: Callable[[Json], bool]) -> Iterator[int]:
    """Runs a million times and more, hence written out. A line of bytes is a TypeError."""
    scan, reported = counting_scanner()
    for at, line in enumerate(block.lines):
        try:
            value, end = scan(line, 0)  # type: ignore[arg-type] # bytes: see above
            if (
                reported() == line.count('":')  # type: ignore[arg-type] # bytes: see above
                and end == len(line)
                and type(value) is dict
                and "operation" not in value
                and conforms(value)
            ):
                continue
        except (StopIteration, ValueError, TypeError, RecursionError):
            pass  # no JSON, or nothing that the engine can take
        reported()
        yield at


def _by_pairs(block: Block, conforms: Callable[[Json], bool]) -> Iterator[int]:
    """For keys and values that the count cannot judge. A line of bytes is a TypeError."""
    reader = JsonReader()
    scan, odd = reader.scan, reader.odd
    for at, line in enumerate(block.lines):
        odd.clear()
        try:
            value, end = scan(line, 0)  # type: ignore[arg-type] # bytes: see above
            fine = end == len(line) and not odd
            if fine and type(value) is dict and "operation" not in value and conforms(value):
                continue
        except (StopIteration, ValueError, TypeError, RecursionError):
            pass
        yield at
