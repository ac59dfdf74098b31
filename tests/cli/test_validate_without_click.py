"""The plainest command lines are read without click, and mean what they mean to it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit.cli.validate import command
from contract_kit.cli.validate_without_click import validate_options

WORDS = (
    "a.json",
    "-",
    "--",
    "",
    "-x",
    "--fix",
    "--no-fix",
    "--help",
    "--operation",
    "--operation=a:B",
    "a:B",
    "--dialect",
    "cli",
    "CLI",
    "-v",
    "--format",
    "--format=json",
    "json",
    "text",
)


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_what_is_read_plainly_is_what_click_reads(words):
    """Whatever is not that plain is left to it."""
    plain = validate_options(["validate", *words])
    if plain is not None:
        assert plain == command.make_context("validate", list(words)).params


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a.json", "b.json"),
        ("-", "--fix"),
        ("a.json", "-v"),
        ("--verbose", "a.json"),
        ("a.json", "--operation", "a:B", "--dialect", "cli", "--format", "sarif"),
    ],
)
def test_what_hooks_and_people_write_is_plain(words):
    """Else nobody would start faster."""
    plain = validate_options(["validate", *words])
    assert plain == command.make_context("validate", list(words)).params


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "--help"),
        ("validate", "--format", "html"),
        ("validate", "--dialect"),
        ("validate", "--fix", "--format", "json", "--format", "text"),
        ("schema", "a:B"),
        (),
    ],
)
def test_the_rest_is_left_to_click(words):
    """Help, mistakes, other commands."""
    assert validate_options(words) is None


def test_an_option_set_by_the_environment_is_left_to_click(monkeypatch, cli, folder):
    """Which reads it; so is one of pyproject.toml."""
    (folder / "a.json").write_text("{}")
    monkeypatch.setenv("CONTRACT_KIT_VALIDATE_FORMAT", "github")
    assert validate_options(["validate"]) is None
    assert cli("validate", "a.json").out.startswith("::error ")
    monkeypatch.delenv("CONTRACT_KIT_VALIDATE_FORMAT")
    assert validate_options(["validate"]) is not None
    (folder / "pyproject.toml").write_text('[tool.contract-kit.validate]\nformat = "github"\n')
    assert cli("validate", "a.json").out.startswith("::error ")


def test_on_windows_click_expands_the_globs(monkeypatch):
    """Which no shell does there."""
    monkeypatch.setattr(os, "name", "nt")
    assert validate_options(["validate", "*.json"]) is None
