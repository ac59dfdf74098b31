"""Progress: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

STEPS = 4
"""Lines that a run prints where there is no terminal."""


@contextmanager
def progress(stream: TextIO) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, total)."""
    if stream.isatty():
        with _bar(stream) as update:
            yield update
        return
    told = 0

    def line(done: int, total: int) -> None:
        nonlocal told
        step = done * STEPS // total
        if step > told:
            told = step
            stream.write(f"{done} of {total} cases and examples\n")
            stream.flush()

    yield line


@contextmanager
def _bar(stream: TextIO) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("cases", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
