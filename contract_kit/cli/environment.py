"""Variables of the environment that set nothing: each is named once, with the nearest that does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from contract_kit.text.near import nearest

PREFIX = "CONTRACT_KIT_"

OTHERS = {
    "CONTRACT_KIT_ALL_FAULTS",
    "CONTRACT_KIT_ALL_OPERATIONS",
    "CONTRACT_KIT_BOTOCORE_SDIST",
    "CONTRACT_KIT_SEEDS",
}
"""Variables that the tests of this package read."""

_warned: set[str] = set()


def names_no_command(name: str, commands: Iterable[str]) -> bool:
    """Whether a variable looks like an option of a command, but there is no such command."""
    ours = name.startswith(PREFIX) and name not in OTHERS
    return ours and not name.startswith(tuple(f"{PREFIX}{each.upper()}_" for each in commands))


def warn_of_unknown(command: str, options: Iterable[str], commands: Iterable[str]) -> None:
    """Warns on standard error of each variable that neither a command nor `command` reads.

    options: the names of the options of `command` in Python.
    """
    commands = tuple(commands)
    own = f"{PREFIX}{command.upper()}_"
    options = sorted(f"{command}_{option}".upper() for option in options)
    known = {PREFIX + option for option in options}
    for name in sorted(os.environ):
        unread = name.startswith(own) and name not in known
        if (unread or names_no_command(name, commands)) and name not in _warned:
            _warned.add(name)
            near = nearest(name.removeprefix(PREFIX), tuple(options), likeness=0.6)
            hint = f"did you mean {PREFIX}{near[0]}?" if near else "see contract-kit help settings"
            sys.stderr.write(f"contract-kit: warning: {_shown(name)} is ignored; {hint}\n")


def _shown(name: str) -> str:
    from contract_kit.validate.violation import printable

    return printable(name)
