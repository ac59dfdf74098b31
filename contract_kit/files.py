"""Files: written complete or not at all, never in place of what is none; read to a bound."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from pathlib import Path

from contract_kit.errors import SourceError

MOST_READ = 16 * 1024 * 1024
"""Bytes of a file that are read: a device has no end of them, and JSON makes thirty of each."""

PATIENCE = 5.0
"""Seconds to wait for somebody to read from a named pipe."""

PROTECTED = "it is write-protected; make it writable, or name another file"

MOST_LINKS = 40
"""Links that are followed, as many as Linux follows."""

_DESCRIPTOR = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/(?:self|(\d+)))/fd/(\d+)")
_STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}

_OTHER = (
    (stat.S_ISDIR, "is a folder; name a file"),
    (stat.S_ISSOCK, "is a socket; name a file"),
    (stat.S_ISBLK, "is a block device; name a file"),
)

_CLOSED = frozenset([errno.EACCES, errno.EBUSY, errno.EPERM, errno.EROFS])
"""Why a file may be written and yet not replaced: its folder is closed, or it is mounted."""


def read_text(path: Path, remedy: str, *, most: int = MOST_READ) -> str:
    """The text of a file or pipe, without a byte-order mark, its line ends as they are.

    remedy: advice for messages. most: bytes that are read.

    Raises SourceError for what cannot be read, is larger, or is not UTF-8.
    """
    try:
        # A pipe that nobody writes to would keep an ordinary open waiting.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            os.close(handle)
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with os.fdopen(handle, "rb") as file:
            if hasattr(os, "set_blocking"):
                os.set_blocking(handle, True)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise SourceError(f"{path}: {reason}; {remedy}") from None
    if len(data) > most:
        raise SourceError(f"{path}: is larger than {most // 1024 // 1024} MiB; {remedy}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = data[error.start]
        raise SourceError(f"{path}: byte 0x{wrong:02x} is not UTF-8; {remedy}") from None


class Changed(SourceError):
    """A file no longer holds what was read from it."""


def is_stream(path: Path) -> bool:
    """Whether a path names what takes bytes one after the other: a device, a pipe, an open file.

    What was written there cannot be replaced, so it must be written once. False for what does
    not exist, or cannot be looked at.
    """
    if _descriptor(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def check_writable(path: Path) -> None:
    """Raises SourceError where a file could not be written; missing folders are made."""
    try:
        handle = _descriptor(path)
        if handle is not None:
            os.fstat(handle)
            return
        real, found = _resolved(path)
        if found is None:
            real.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=real.parent):
                pass
        elif not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, PROTECTED)
    except (OSError, ValueError) as error:
        raise _not_written(path, error) from None


def write_file(path: Path, content: str | bytes, *, before: bytes | None = None) -> None:
    """Writes a file; missing folders are made.

    Links are followed. A regular file is replaced once the new content is complete on disk, and
    keeps its permissions. One that has several names (hard links) is overwritten, with a complete
    copy beside it until that is done. Any other file, such as a device, a pipe or `/dev/stdout`,
    is written directly. Text is written as UTF-8, with its line ends as they are.

    before: the expected content of the file; any other content is not overwritten.

    Raises SourceError where the file cannot be written, which is then as it was; Changed where it
    holds something else than before.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        handle = _descriptor(path)
        if handle is not None:
            _into_descriptor(handle, data)
            return
        real, found = _resolved(path)
        if found is not None and not stat.S_ISREG(found.st_mode):
            _write_all(_opened(real, found.st_mode), data)
        elif found is not None and not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, PROTECTED)
        else:
            _replace(real, found, data, before)
    except (OSError, ValueError) as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError | ValueError) -> SourceError:
    reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return SourceError(f"{path}: cannot be written: {reason}")


def _descriptor(path: Path) -> int | None:
    """The number of the open file that a path names: `/dev/stdout`, `/dev/fd/3`, a link to one.

    Opened by its name, an open file would be written from its start again.
    """
    name = os.path.abspath(path)
    for _ in range(MOST_LINKS):
        match = _DESCRIPTOR.fullmatch(name)
        if match is not None and match[2] in (None, str(os.getpid())):
            return _STANDARD[match[1]] if match[1] else int(match[3])
        try:
            name = os.path.normpath(os.path.join(os.path.dirname(name), os.readlink(name)))
        except (OSError, ValueError):
            return None
    return None


def _resolved(path: Path) -> tuple[Path, os.stat_result | None]:
    """Where a path leads to, and what is there, if anything is. Raises OSError, ValueError."""
    real = Path(os.path.realpath(path))
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return real, None
    for test, words in _OTHER:
        if test(found.st_mode):
            raise OSError(errno.EINVAL, words)
    return real, found


def _into_descriptor(handle: int, data: bytes) -> None:
    for stream in (sys.stdout, sys.stderr):
        # Earlier output comes first.
        if stream is not None:
            stream.flush()
    _write_all(os.dup(handle), data)


def _opened(path: Path, mode: int) -> int:
    """A device or pipe, opened; waits only so long for a reader of the pipe."""
    if not stat.S_ISFIFO(mode):
        return os.open(path, os.O_WRONLY)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > end:
                raise OSError(error.errno, "no process reads this pipe; start its reader") from None
            time.sleep(0.05)
        else:
            os.set_blocking(handle, True)
            return handle


def _write_all(handle: int, data: bytes) -> None:
    """Writes everything, and closes the handle."""
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _replace(
    real: Path, found: os.stat_result | None, data: bytes, before: bytes | None = None
) -> None:
    """Puts new content in the place of a regular file, or of none, at once."""
    real.parent.mkdir(parents=True, exist_ok=True)
    temporary = real.with_name(f".contract-kit-{secrets.token_hex(8)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError as error:
        if found is None or before is not None or error.errno not in _CLOSED:
            raise
        _overwrite(real, data)
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if before is not None:
                # A power failure must not lose the user's own file.
                file.flush()
                os.fsync(handle)
        if found is not None:
            _copy_rights(found, temporary)
        if before is not None and real.read_bytes() != before:
            raise Changed(f"{real}: changed in the meantime; run the command again")
        if found is not None and found.st_nlink > 1:
            # Replaced, it would no longer be the file that its other names stand for.
            _overwrite(real, data)
            os.unlink(temporary)
            return
        try:
            os.replace(temporary, real)
            return
        except OSError as error:
            if found is None or before is not None or error.errno not in _CLOSED:
                raise
        _overwrite(real, data)
        os.unlink(temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _copy_rights(found: os.stat_result, path: Path) -> None:
    """The permissions of a file, and its owner where that may be given away."""
    if hasattr(os, "chown") and (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):
            os.chown(path, found.st_uid, found.st_gid)
    os.chmod(path, stat.S_IMODE(found.st_mode))


def _overwrite(path: Path, data: bytes) -> None:
    """Writes into a file that cannot be replaced."""
    with open(path, "r+b") as file:
        file.write(data)
        file.truncate()
