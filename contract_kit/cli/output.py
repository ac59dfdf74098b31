"""Standard output that says in one line why it cannot be written."""

from __future__ import annotations

import io
import os
import sys

from contract_kit.errors import ContractKitError


class OutputError(ContractKitError):
    """Standard output cannot be written: its disk is full, for one."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"standard output cannot be written: {error.strerror or error}; redirect it elsewhere"
        )


class OutputOption(io.TextIOWrapper):
    """As any text stream, but for its errors. A reader that has gone is a BrokenPipeError still."""

    def write(self, text: str, /) -> int:
        """Raises OutputError."""
        try:
            return super().write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error) from None

    def flush(self) -> None:
        """Raises OutputError."""
        try:
            super().flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error) from None


def open_output() -> None:
    """Lets output be written whatever the caller has closed, and in whatever encoding."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open to the end
    given = sys.stdout
    if isinstance(given, io.TextIOWrapper):
        encoding, lines, at_once = given.encoding, given.line_buffering, given.write_through
        errors = "backslashreplace" if given.errors == "strict" else given.errors
        sys.stdout = OutputOption(
            given.detach(), encoding, errors, line_buffering=lines, write_through=at_once
        )


def close_output() -> None:
    """Writes what is still to be written; where nobody gets it, it must not raise again at exit."""
    for given in (sys.stdout, sys.stderr):
        # click hides a reader that has gone behind a stream that raises no error.
        stream = getattr(given, "wrapped", given)
        try:
            stream.flush()
        except (OSError, OutputError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
