"""Reads settings from TOML files; an error says in one line what is wrong."""

from __future__ import annotations

import functools
import os
import stat
from typing import Any

from contract_kit.errors import UsageError

MOST = 2 * 1024 * 1024
"""Characters that are read."""


def read_toml(path: str, *, holding: str = "") -> dict[str, Any] | None:
    """The table of a file; None where there is no file, or where it does not hold the given text.

    Raises UsageError for a file that cannot be read, or is not TOML.
    """
    text = _text(path)
    # The parser takes some milliseconds, which nobody pays whose file says nothing to us.
    if text is None or holding not in text:
        return None
    try:
        return _table(text)
    except ValueError as error:
        raise UsageError(f"{path}: {error}; fix it") from None


@functools.lru_cache(maxsize=8)
def _table(text: str) -> dict[str, Any]:
    """The table of a text, which nobody may change: each operation asks for the same settings."""
    from contract_kit.text.toml import parse_toml

    return parse_toml(text)


def _text(path: str) -> str | None:
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path}: is not a file; put the settings in one, or remove it")
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MOST + 1)
            if len(text) > MOST:
                raise UsageError(f"{path}: is too large for settings; shorten it")
            return text
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            raise UsageError(f"{path}: is a broken link; fix or remove it") from None
        return None
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        raise UsageError(f"{path}: byte 0x{wrong:02x} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; make it readable") from None
