"""The README and the manual as their tests read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
MANUAL = ROOT / "contract_kit" / "manual"
PAGES = (README, *sorted(MANUAL.glob("*.md")))
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


class Block(NamedTuple):
    """A fenced block. output: the block without a language that follows; empty where none does."""

    page: str
    language: str
    text: str
    output: str


def _blocks(page: Path) -> list[Block]:
    found = re.findall(r"```(\w*)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    following = [*found[1:], ("", "")] if found else []
    return [
        Block(page.name, language, text, "" if after[0] else after[1])
        for (language, text), after in zip(found, following, strict=True)
    ]


BLOCKS = [block for page in PAGES for block in _blocks(page)]


def file_shown(page: str, name: str, number: int = 0) -> Block:
    """The block of a page that shows a file, without the line that names it."""
    found = [
        block for block in BLOCKS if block.page == page and block.text.startswith(f"# {name}\n")
    ]
    return found[number]._replace(text=found[number].text.partition("\n")[2])
