"""A folder of cases: `valid/` for conforming requests, `invalid/` for all others."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from contract_kit.cases.case import Case
from contract_kit.cases.export import case_document, render_case
from contract_kit.contract.operation import Operation
from contract_kit.errors import SourceError
from contract_kit.files import write_file

FOLDERS = {"inside": "valid", "outside": "invalid"}


def case_files(operation: Operation, cases: Sequence[Case]) -> dict[str, str]:
    """Path below the folder → content, for each case."""
    return {
        f"{FOLDERS[case.side]}/{case.constraint}/{case.slug}.json": render_case(
            case_document(operation, case), indent=1
        )
        + "\n"
        for case in cases
    }


def write_cases(operation: Operation, cases: Sequence[Case], folder: Path) -> int:
    """Writes a file per case, in place of those that the folder held; the number of files.

    Raises SourceError where the folder holds something else, or cannot be written.
    """
    files = case_files(operation, cases)
    for path in [path for name in FOLDERS.values() for path in _earlier(folder / name)]:
        if str(path.relative_to(folder).as_posix()) not in files:
            _remove(path, folder)
    for name, text in files.items():
        write_file(folder / name, text)
    return len(files)


def _earlier(folder: Path) -> list[Path]:
    """The cases of an earlier export. Raises SourceError where the folder holds something else."""
    found = []
    for around, _, names in os.walk(folder):
        for path in (Path(around, name) for name in names):
            if not _is_case(path):
                raise SourceError(f"{path} is not an exported case; choose an empty folder")
            found.append(path)
    return sorted(found)


def _is_case(path: Path) -> bool:
    """Whether a file looks like an exported case, which nobody minds to lose."""
    if path.suffix != ".json" or path.is_symlink() or not path.is_file():
        return False
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and {"id", "constraint", "side", "expects"} <= document.keys()


def _remove(path: Path, top: Path) -> None:
    """Removes a case, and the folders around it that it leaves empty."""
    try:
        path.unlink()
        for around in path.parents:
            if around == top or any(around.iterdir()):
                break
            around.rmdir()
    except OSError as error:
        raise SourceError(f"{path}: cannot be removed: {error.strerror or error}") from None


def differences(operation: Operation, cases: Sequence[Case], folder: Path) -> list[str]:
    """A line per file that would change, is missing, or is left over."""
    files = case_files(operation, cases)
    found = []
    for name, text in files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path}: missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path}: differs")
    present = (path for name in FOLDERS.values() for path in (folder / name).rglob("*.json"))
    left = (path for path in present if str(path.relative_to(folder).as_posix()) not in files)
    return found + [f"{path}: no such case" for path in sorted(left)]
