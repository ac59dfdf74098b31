"""Progress: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

STEPS = 4
"""Lines that a run prints if the stream is not a terminal."""

FIRST = 1_000
"""Done before the first line where it is not known how many there are; each later line comes after
twice as many."""


@contextmanager
def progress(stream: TextIO) -> Iterator[Callable[[int, int | None], None]]:
    """A function to call with (done, total), total None as long as it is not known."""
    if stream.isatty():
        with _bar(stream) as update:
            yield update
        return
    reported, due = 0, FIRST

    def line(done: int, total: int | None) -> None:
        nonlocal reported, due
        if total is None:
            if done >= due:
                due *= 2
                stream.write(f"{done} cases and examples so far\n")
                stream.flush()
            return
        step = done * STEPS // total
        if step > reported:
            reported = step
            stream.write(f"{done} of {total} cases and examples\n")
            stream.flush()

    yield line


@contextmanager
def _bar(stream: TextIO) -> Iterator[Callable[[int, int | None], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("cases", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
