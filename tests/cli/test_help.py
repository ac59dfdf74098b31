"""`contract-kit help` shows the manual."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess

import pytest

from contract_kit.cli.help import MANUAL, topics
from contract_kit.cli.main import COMMANDS


def test_without_a_topic_all_topics_are_listed(cli):
    """Each with a line."""
    done = cli("help")
    assert (done.code, done.err) == (0, "")
    assert len(topics()) > 15
    words = " ".join(done.out.split())
    for name, line in topics().items():
        assert f"{name} {line}" in words


@pytest.mark.parametrize("topic", sorted(topics()))
def test_a_topic_is_shown_as_it_is_written(cli, topic):
    """Where output is not a terminal."""
    done = cli("help", topic)
    assert (done.code, done.err) == (0, "")
    assert done.out == (MANUAL / f"{topic}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", sorted(topics()))
def test_a_page_begins_with_a_title_and_one_sentence(topic):
    """The list of topics shows it."""
    title, sentence, *_ = (MANUAL / f"{topic}.md").read_text(encoding="utf-8").split("\n\n")
    assert title.startswith("# ")
    assert len(sentence) <= 110
    assert sentence.endswith(".")


def test_a_terminal_gets_the_page_formatted(command):
    """Without marks of Markdown, and links as names of topics."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        [*command, "help", "fuzz"], stdout=theirs, env=environment, close_fds=True
    ) as running:
        os.close(theirs)
        shown = b""
        # Linux ends the terminal of a process that has gone with an error.
        with contextlib.suppress(OSError):
            while read := os.read(ours, 65536):
                shown += read
        assert running.wait(timeout=120) == 0
    os.close(ours)
    text = shown.decode()
    assert "\x1b[" in text
    assert "Fuzz an implementation" in text
    assert "# Fuzz" not in text
    assert ".md)" not in text
    assert "**" not in text


@pytest.mark.parametrize(
    ("topic", "remedy"),
    [
        ("fuz", "did you mean fuzz?"),
        ("Verdicts", "did you mean verdicts?"),
        ("../../README", "`contract-kit help` lists the topics"),
        ("", "`contract-kit help` lists the topics"),
    ],
)
def test_a_topic_that_does_not_exist_is_one_line(cli, topic, remedy):
    """With the nearest one."""
    done = cli("help", topic)
    assert (done.code, done.out) == (2, "")
    assert done.message == f"no topic {topic!r}; {remedy}"


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"help"}))
def test_the_help_of_each_command_names_its_topic(cli, name):
    """Which exists."""
    assert f"\n  Manual: contract-kit help {name}\n" in cli(name, "--help").out
    assert name in topics()


def test_the_help_of_the_kit_names_the_manual(cli):
    """Below the commands."""
    assert cli("--help").out.endswith("\n  Manual: contract-kit help\n")
