"""Finds request files, and reads their bytes, whatever is at a path."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal, cast

from contract_kit.requestfile.settings import Settings

Kind = Literal["json", "yaml", "ndjson"]

KINDS: dict[str, Kind] = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}

MOST = 16 * 1024 * 1024
"""Bytes of a document, or of one line of NDJSON, that are read; more would not fit the memory
that a run may take, and no service takes requests of that size."""

STDIN = "-"

_OTHER = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class UnreadableFile(Exception):
    """A file that cannot be read; the message says why and what to do, without its name."""


def kind_of(path: str) -> Kind | None:
    """The format that a name promises; None where it promises none."""
    return KINDS.get(os.path.splitext(path.lower().removesuffix(".gz"))[1])


def request_files(paths: Iterable[str], settings: Settings) -> Iterator[str]:
    """The files to check: those named, and in folders those with a known ending.

    Hidden folders and links to folders are not entered, nor what the settings ignore.
    """
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            yield from _inside(path, settings)
        elif path == STDIN or not settings.ignores(path):
            yield path


def _inside(path: str, settings: Settings) -> Iterator[str]:
    """The files to check in a folder; the folder itself, to be reported, if there are none."""
    empty = True
    closed: list[str] = []
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            inner, names = _listed(folder)
        except OSError:
            closed.append(folder)
            continue
        seen = [name for name in inner if not name.startswith(".")]
        entered = [name for name in seen if not settings.ignores(os.path.join(folder, name, ""))]
        empty = empty and len(seen) == len(entered)
        below = (os.path.join(folder, name) for name in reversed(entered))
        waiting += [place for place in below if not os.path.islink(place)]
        for name in names:
            if kind_of(name):
                empty = False
                found = os.path.normpath(os.path.join(folder, name))
                if not settings.ignores(found):
                    yield found
    yield from closed or ([path] if empty else [])


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Names of folders, links to folders among them, and of everything else. Raises OSError."""
    inner: list[str] = []
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False  # a link that leads nowhere, or back to itself
            (inner if is_folder else names).append(entry.name)
    return sorted(inner), sorted(names)


def open_file(path: str) -> BinaryIO:
    """A file, opened; only a regular one, and without waiting. Raises UnreadableFile."""
    if path == STDIN:
        if sys.stdin is None:
            raise UnreadableFile("standard input is closed; give the path of a file")
        return sys.stdin.buffer
    try:
        # A FIFO would keep an ordinary open waiting for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise UnreadableFile(_reason(error)) from None
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        os.close(handle)
        raise UnreadableFile(f"is a folder without any {', '.join(KINDS)} file; give another path")
    other = next((name for test, name in _OTHER if test(mode)), None)
    if other is not None:
        os.close(handle)
        raise UnreadableFile(f"is {other}; give a file, or - for standard input")
    return os.fdopen(handle, "rb")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):
        return "is not a path; give the path of a file"
    if error.errno == errno.ELOOP:
        return "is a link to itself; give the file itself"
    if error.errno == errno.ENOENT:
        return "no such file; give a path that exists"
    if error.errno == errno.ENAMETOOLONG:
        return "is too long for a path; give a path that exists"
    if error.errno == errno.ENXIO:
        return "is a socket; give a file, or - for standard input"
    return f"{error.strerror or error}; make it readable"


def read_bytes(file: BinaryIO, most: int = MOST) -> bytes:
    """All of a file. Raises UnreadableFile where it is too large, or changes meanwhile."""
    before = _state(file)
    try:
        # A read of `most` would set so much memory aside first.
        known = before[0] if before is not None and isinstance(file, io.BufferedReader) else most
        data = file.read(min(known, most) + 1)
        after = _state(file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{error}; make it readable") from None
    if len(data) > most:
        raise UnreadableFile(
            f"is larger than {most // 1024 // 1024} MiB; split it, or write NDJSON, "
            "one request per line"
        )
    if before != after:
        raise UnreadableFile("changed while it was read; run the check again")
    return data


def _state(file: BinaryIO) -> tuple[int, int] | None:
    """Size and time of the last change of a regular file; None for anything else."""
    try:
        found = os.fstat(file.fileno())
    except (OSError, AttributeError, ValueError):
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def unpacked(file: BinaryIO) -> BinaryIO:
    """The file, unpacked where it is gzip, whatever its name. Raises UnreadableFile."""
    peek = getattr(file, "peek", None)
    try:
        if peek is None or not peek(2).startswith(b"\x1f\x8b"):
            return file
    except OSError as error:
        raise UnreadableFile(f"{error.strerror or error}; make it readable") from None
    # Few files are packed, and gzip costs a few milliseconds.
    import gzip

    return cast(BinaryIO, gzip.GzipFile(fileobj=file))
