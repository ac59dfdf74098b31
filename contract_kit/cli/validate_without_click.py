"""Reads the plainest command lines of `validate` without click.

Loading click takes as long as checking a small file. Any other command line is left to click, which
reports errors.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

PREFIX = ("CONTRACT_KIT_VALIDATE_", "_CONTRACT_KIT")
"""Prefixes of the environment variables that click reads for `validate`."""

VALUES = {"--operation": "operation", "--dialect": "dialect", "--format": "format"}


def validate_options(words: Sequence[str]) -> dict[str, Any] | None:
    """The arguments of `check_files` in a command line; None where click has to read it."""
    if os.name == "nt" or words[:1] != ["validate"] or any(map(_is_ours, os.environ)):
        return None
    paths: list[str] = []
    given: dict[str, str] = {}
    fix = verbose = False
    rest = iter(words[1:])
    for word in map(as_path, rest):
        if word == "--":
            paths += rest
        elif word == "--fix":
            fix = True
        elif word in ("-v", "--verbose"):
            verbose = True
        elif word in VALUES and word not in given:
            given[word] = next(rest, "")
            if given[word][:1] in ("", "-"):
                return None
        elif word.startswith("-") and word != "-":
            return None
        else:
            paths.append(word)
    return _options(tuple(paths), given, fix=fix, verbose=verbose)


def as_path(word: str) -> str:
    """A word of a command line; with ./ before it where it is the name of a request file, not an
    option, such as one that pre-commit hands over."""
    if not word.startswith("-") or word.startswith("--"):
        return word
    from contract_kit.requestfile.files import kind_of

    return os.path.join(".", word) if kind_of(word) else word


def _is_ours(name: str) -> bool:
    """Whether click has to look at a variable: it is an option's, or it is mistyped."""
    if name.startswith(PREFIX) or not name.startswith("CONTRACT_KIT_"):
        return name.startswith(PREFIX)
    from contract_kit.cli.environment import names_no_command
    from contract_kit.cli.main import COMMANDS

    return names_no_command(name, COMMANDS)


def _options(
    paths: tuple[str, ...], given: dict[str, str], *, fix: bool, verbose: bool
) -> dict[str, Any] | None:
    from contract_kit.cli.validate_files import FORMATS
    from contract_kit.requestfile.dialect import DIALECTS

    dialect, format = given.get("--dialect"), given.get("--format", "text")
    if dialect not in (None, *DIALECTS) or format not in FORMATS:
        return None
    return {
        "paths": paths,
        "operation": given.get("--operation"),
        "dialect": dialect,
        "format": format,
        "fix": fix,
        "verbose": verbose,
    }
