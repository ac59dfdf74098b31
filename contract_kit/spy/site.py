"""Where in the code under test a call was made."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import sysconfig
import threading
from types import FrameType

LIBRARIES = (
    "botocore",
    "boto3",
    "s3transfer",
    "aiobotocore",
    "aioboto3",
    "moto",
    "contract_kit.spy",
)
"""Packages between the code under test and the wire."""


def call_site(frame: FrameType | None) -> tuple[str, int]:
    """File and line of the innermost frame that is neither of a library nor of Python's own.

    A thread that runs a client's method directly has none: then its name, and line 0.
    """
    while frame is not None:
        code = frame.f_code
        if not _between(code.co_filename):
            return code.co_filename, frame.f_lineno
        frame = frame.f_back
    return f"<thread {threading.current_thread().name}>", 0


@functools.lru_cache(maxsize=4096)
def _between(file: str) -> bool:
    """Whether a file is of a library or of Python's own."""
    if file.startswith(_folders()):
        return True
    standard, installed = _standard()
    return file.startswith(standard) and not file.startswith(installed)


@functools.cache
def _folders() -> tuple[str, ...]:
    """The folders of those LIBRARIES that are installed."""
    found = []
    for name in LIBRARIES:
        with contextlib.suppress(ValueError):  # a test may put a module without a spec in place
            spec = importlib.util.find_spec(name)
            for folder in (spec and spec.submodule_search_locations) or ():
                found.append(folder + os.sep)
    return tuple(found)


@functools.cache
def _standard() -> tuple[str, tuple[str, ...]]:
    """The folder of the standard library, and those below it where packages are installed."""
    paths = sysconfig.get_paths()
    standard = paths["stdlib"] + os.sep
    below = ("site-packages", "dist-packages")
    installed = (paths["purelib"], paths["platlib"], *(standard + name for name in below))
    return standard, tuple(folder + os.sep for folder in installed)
