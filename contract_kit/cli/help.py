"""`contract-kit help`: the manual."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from contract_kit.errors import UsageError
from contract_kit.text.near import did_you_mean

MANUAL = Path(__file__).resolve().parent.parent / "manual"

WIDEST = 100
"""Columns of a page on a wide terminal: longer lines are hard to read."""

_LINK = re.compile(r"\[([^\[\]]+)\]\((?!https?:)[^()\s]*\)")
"""A link to a file of the repository, which leads nowhere on a terminal."""


@click.command(name="help")
@click.argument("topic", required=False)
def command(topic: str | None) -> int:
    """Show the page of the manual about TOPIC, or list the topics."""
    if topic is None:
        formatter = click.HelpFormatter()
        formatter.write_text("contract-kit help TOPIC shows a page of the manual:")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_dl(sorted(topics().items()))
        click.echo(formatter.getvalue(), nl=False)
        return 0
    if topic not in topics():
        near = did_you_mean(topic, topics(), otherwise="`contract-kit help` lists the topics")
        raise UsageError(f"no topic {topic!r}; {near}")
    page = (MANUAL / f"{topic}.md").read_text(encoding="utf-8")
    if sys.stdout.isatty():
        _render(page)
    else:
        click.echo(page, nl=False)
    return 0


def topics() -> dict[str, str]:
    """The topics of the manual, each with the line that follows the title of its page."""
    pages = {path.stem: path.read_text(encoding="utf-8") for path in MANUAL.glob("*.md")}
    lines = {name: text.split("\n\n")[1] for name, text in pages.items()}
    return {name: line.replace("\n", " ").replace("`", "") for name, line in lines.items()}


def _render(page: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(emoji=False)
    console.print(Markdown(_LINK.sub(r"**\1**", page)), width=min(console.width, WIDEST))
