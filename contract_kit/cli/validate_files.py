"""The work of `contract-kit validate`, without the parsing of its options."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from contract_kit.errors import UsageError
from contract_kit.requestfile.files import STDIN, request_files
from contract_kit.requestfile.limit import MOST_TOLD, Limit
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import read_settings

if TYPE_CHECKING:
    from contract_kit.requestfile.interface import Output

FORMATS = ("text", "json", "github", "sarif", "junit")


def check_files(
    paths: tuple[str, ...],
    *,
    operation: str | None,
    dialect: str | None,
    format: str,
    fix: bool,
    verbose: bool = False,
) -> int:
    """Checks files and folders, writes what is found to standard output; the exit code.

    Raises UsageError for options and settings that cannot be used.
    """
    if paths.count(STDIN) > 1:
        raise UsageError("- is given twice, but standard input can be read only once; give it once")
    settings = read_settings(os.getcwd())
    bar = Bar()
    output = _output(format, bar.write, verbose=verbose)
    # A document may hold more than somebody reads.
    limit = Limit() if format in ("text", "github") else Limit(MOST_TOLD)
    run = Run(
        output,
        settings,
        operation=operation,
        dialect=dialect,
        fix=fix,
        advance=bar.show,
        limit=limit,
    )
    try:
        run.check_all(request_files(paths or (".",), settings))
    except KeyboardInterrupt:
        bar.clear()
        output.finish(run.summary)
        sys.stdout.flush()
        with contextlib.suppress(OSError):
            sys.stderr.write("contract-kit: interrupted; what was found so far is reported\n")
        return 2
    bar.clear()
    output.finish(run.summary)
    sys.stdout.flush()
    return run.summary.exit_code


def _output(name: str, write: Callable[[str], object], *, verbose: bool) -> Output:
    """The output of that name; each loads only what it needs. verbose: for people alone."""
    if name == "text":
        from contract_kit.requestfile.output.text import TextOutput

        return TextOutput(write, colour=_coloured(), verbose=verbose)
    if name == "github":
        from contract_kit.requestfile.output.github import GithubOutput

        return GithubOutput(write)
    from contract_kit.requestfile.output.documents import DocumentOutput, json_report

    if name == "sarif":
        from contract_kit.requestfile.output.sarif import sarif_report

        return DocumentOutput(write, sarif_report)
    if name == "junit":
        from contract_kit.requestfile.output.junit import junit_report

        return DocumentOutput(write, junit_report)
    return DocumentOutput(write, json_report)


def _coloured() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


class Bar:
    """How far a large file has been read, on a terminal; nothing anywhere else."""

    EVERY = 8 * 1024 * 1024
    """Bytes between two changes of the bar."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = 0

    def show(self, done: int, total: int) -> None:
        """Called after each block of a file. done: bytes read so far."""
        if not self._terminal or done - self._shown < self.EVERY:
            return
        self._shown = done
        share = f" {done * 100 // total:>3}%" if total >= done else ""
        filled = done * 30 // total if total >= done else 0
        bar = f"[{'#' * filled:<30}]" if share else ""
        sys.stderr.write(f"\r{bar}{share} {done // 1024 // 1024} MiB read")
        sys.stderr.flush()

    def clear(self) -> None:
        """Takes the bar away, so that something else can be written."""
        if self._shown:
            self._shown = 0
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def write(self, text: str) -> None:
        """Writes to standard output, with the bar out of the way."""
        self.clear()
        sys.stdout.write(text)
