"""Progress: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import io

import pytest

from contract_kit.cli.progress import STEPS, progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize("total", [1, 3, 4, 7, 1000])
def test_elsewhere_there_are_a_few_plain_lines(total):
    """Not more than STEPS; the last one says that all is done."""
    stream = io.StringIO()
    with progress(stream) as update:
        for done in range(1, total + 1):
            update(done, total)
    lines = stream.getvalue().splitlines()
    assert len(lines) == min(total, STEPS)
    assert lines[-1] == f"{total} of {total} cases and examples"
    assert stream.getvalue().isprintable() is False
    assert "\x1b" not in stream.getvalue()


def test_on_a_terminal_there_is_a_bar_that_goes_away(monkeypatch):
    """With the number of cases; afterwards the line is cleared."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with progress(stream) as update:
        for done in range(1, 11):
            update(done, 10)
    text = stream.getvalue()
    assert "10/10" in text
    assert "cases\n" not in text
    assert text.endswith("\x1b[2K")


def test_as_long_as_nobody_knows_how_many_there_are_lines_come_ever_more_seldom():
    """Each after twice as many; the number in all is told once it is known."""
    stream = io.StringIO()
    with progress(stream) as update:
        for done in range(1, 9_000):
            update(done, None)
        update(9_000, 9_000)
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["1000", "2000", "4000", "8000", "9000"]
    assert lines[-1] == "9000 of 9000 cases and examples"
