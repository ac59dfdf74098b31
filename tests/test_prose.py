"""Words that the kit's prose does without: documentation, help, messages, docstrings, comments."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import contract_kit
from contract_kit.cli.main import COMMANDS, main

from .documentation import PAGES, ROOT

PACKAGE = Path(contract_kit.__file__).parent

BANNED = {
    "told, tell, tells: report": r"\b(?:told|tells?|telling)\b",
    "mend: fix": r"\bmend(?:s|ed|ing)?\b",
    "stands: is, or has": r"\b(?:stands?|stood|standing)\b(?! (?:in )?for\b)",
    "is no X: is not an X": r"(?<!\bthere )\b(?:is|was|are|were) no (?!longer\b|more\b|less\b)\w",
    "no one's, nobody's: dummy": r"\bno(?:body| one)'s\b",
    "a sentence whose subject is a clause": r"(?:^|[.:;!] |\"\"\"|# |\()"
    r"(?-i:What|Who|Whoever|Whatever)\b[^?]*?[.;:]",
}

WAITING: set[str] = set()
"""Rooms whose prose is still the old one."""


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string and comment, without the names in f-strings."""
    # Since Python 3.12 an f-string has tokens of its own.
    kinds = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", None)}
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in kinds:
            yield token.start[0], re.sub(r"\{[^{}]*\}", "", token.string)


def wrong(text: str) -> list[str]:
    """What is banned in a text, each with the words around it."""
    return [
        f"{name}: {text[max(0, found.start() - 30) : found.end() + 30]!r}"
        for name, pattern in BANNED.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The user is told.",
        "It stands in the file.",
        "a body that is no JSON",
        "What is sent comes first.",
        "credentials of no one's",
        "mended in place",
    ],
)
def test_the_check_finds_the_words(text: str) -> None:
    """Else all that follows proves nothing."""
    assert len(wrong(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["`*` stands for anything", "there is no file", "it is no longer sent", "What is this?"],
)
def test_the_check_leaves_plain_english_alone(text: str) -> None:
    """These say what they mean."""
    assert wrong(text) == []


@pytest.mark.parametrize("path", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_pages_are_written_in_plain_english(path: Path) -> None:
    """The README, the manual and the change log."""
    assert wrong(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path",
    [
        *sorted(PACKAGE.rglob("*.toml")),
        ROOT / "schemas" / "report.schema.json",
        ROOT / ".ci" / "run",
    ],
    ids=lambda path: path.name,
)
def test_data_is_described_in_plain_english(path: Path) -> None:
    """Tables with their remarks, the schema of reports, and the script of CI."""
    assert wrong(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_is_written_in_plain_english(command: str, capsys) -> None:
    """As it is printed."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert wrong(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    "room", sorted({path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")} - WAITING)
)
def test_code_is_written_in_plain_english(room: str) -> None:
    """Messages, docstrings and comments."""
    path = PACKAGE / room
    found = [
        f"{module.relative_to(PACKAGE)}:{line}: {each}"
        for module in ([path] if path.is_file() else sorted(path.rglob("*.py")))
        for line, text in strings(module)
        for each in wrong(text)
    ]
    assert found == []
