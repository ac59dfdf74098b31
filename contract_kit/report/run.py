"""How a campaign was run, as far as reports show it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPT = "contract-kit"

TIMEOUT = 5.0
"""Seconds of an exchange, by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRun:
    """How a campaign was run, as far as a report shows it.

    url: of the target, or another name for it. arguments: what `contract-kit cases` needs on its
    command line to make the same cases. app: what `contract-kit fuzz` needs to start the target, if
    it runs only as long as the campaign. reached: words that make it reach a target at a URL, empty
    if it was not run. headers: names of those that the user added. by_url: whether others than this
    process reach the target at its URL.
    program: the words that run this kit. timeout: seconds of an exchange. tls: options for it, the
    same for this kit and for curl. options: others of `contract-kit fuzz` that matter to every
    request; exploring: those that matter to what is drawn at random.
    numbered: whether requests hold fresh numbers. credentials: how many the user gave to sign
    with, 0, 2 or 3.
    """

    url: str
    region: str
    profile: str
    seed: int
    arguments: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    by_url: bool = True
    program: tuple[str, ...] = (SCRIPT,)
    timeout: float = TIMEOUT
    tls: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    exploring: tuple[str, ...] = ()
    numbered: bool = False
    credentials: int = 0


def program() -> tuple[str, ...]:
    """The words that run this kit from any folder: its script, if that is the one on PATH."""
    found = shutil.which(SCRIPT)
    if found is not None and Path(found).parent == Path(sys.executable).parent:
        return (SCRIPT,)
    return (sys.executable, "-m", "contract_kit")
