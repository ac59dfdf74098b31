"""The corpus in fixtures/requests: files of each format and dialect, with what is wrong in each.

`valid/DIALECT/…` holds files without findings. Beside each file of `invalid/DIALECT/…` stands a file of
the same name and `.findings`: a line `LINE:COLUMN CONSTRAINT` for each thing to be found. Adding a file
adds a test. The path tells the operation, as it does for users.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.files import kind_of
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings

ROOT = Path(__file__).parents[2] / "fixtures" / "requests"
FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and path.suffix != ".findings")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_exactly_the_declared_findings_are_found(path, kept):
    """At their places; none in a file that conforms."""
    folder, dialect, *_ = path.relative_to(ROOT).parts
    Run(kept, Settings(base=ROOT), dialect=dialect).check(str(path))
    assert kept.errors == []
    declared = path.with_name(path.name + ".findings")
    assert declared.is_file() is (folder == "invalid")
    lines = declared.read_text().splitlines() if folder == "invalid" else []
    assert lines or folder == "valid"
    found = [f"{line}:{column} {constraint}" for line, column, constraint in kept.places]
    assert sorted(found) == sorted(lines)


@pytest.mark.parametrize("folder", ["valid", "invalid"])
def test_the_corpus_has_every_format_and_dialect(folder):
    """Among the files that conform, and among those that do not."""
    files = [path for path in FILES if path.relative_to(ROOT).parts[0] == folder]
    assert {path.relative_to(ROOT).parts[1] for path in files} == set(DIALECTS)
    assert {kind_of(path.name) for path in files} == {"json", "yaml", "ndjson"}
    assert any(path.suffix == ".gz" for path in files)


def test_every_declaration_belongs_to_a_file():
    """None is left over."""
    declared = {path.with_suffix("") for path in ROOT.rglob("*.findings")}
    assert declared <= set(FILES)
