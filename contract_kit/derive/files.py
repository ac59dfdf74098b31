"""Writes files that are complete or not there at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from contract_kit.errors import SourceError


def check_writable(path: Path) -> None:
    """Raises SourceError where a file could not be written; missing folders are made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> SourceError:
    return SourceError(f"{path}: cannot be written: {error.strerror or error}")


def write_atomically(path: Path, text: str) -> None:
    """Replaces a file only once the new content is complete on disk; raises SourceError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise _not_written(path, error) from None
