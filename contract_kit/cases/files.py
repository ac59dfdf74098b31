"""A folder of cases: `valid/` for conforming requests, `invalid/` for all others."""

from __future__ import annotations

import shutil
from pathlib import Path

from contract_kit.cases.case import Case
from contract_kit.cases.export import case_document, render_case
from contract_kit.contract.operation import Operation
from contract_kit.errors import SourceError

FOLDERS = {"inside": "valid", "outside": "invalid"}


def case_files(operation: Operation, cases: tuple[Case, ...]) -> dict[str, str]:
    """Path below the folder → content, for each case."""
    return {
        f"{FOLDERS[case.side]}/{case.constraint}/{case.slug}.json": render_case(
            case_document(operation, case), indent=1
        )
        + "\n"
        for case in cases
    }


def write_cases(operation: Operation, cases: tuple[Case, ...], folder: Path) -> int:
    """Writes a file per case, in place of those that the folder held; the number of files.

    Raises SourceError where the folder holds something else, or cannot be written.
    """
    files = case_files(operation, cases)
    try:
        for name in FOLDERS.values():
            _clear(folder / name)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SourceError(f"{folder}: cannot be written: {error.strerror or error}") from None
    return len(files)


def _clear(folder: Path) -> None:
    """Removes cases of an earlier export, and nothing that is not one."""
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and path.suffix != ".json":
            raise SourceError(f"{path} is no exported case; choose an empty folder")
    shutil.rmtree(folder, ignore_errors=True)


def differences(operation: Operation, cases: tuple[Case, ...], folder: Path) -> list[str]:
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
