"""The examples in docstrings: each public name has one, and all of them are right."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import contract_kit

from .test_layers import PUBLIC

ROOT = Path(contract_kit.__file__).parent

NAMES = [
    ("contract_kit", "operation"),
    ("contract_kit", "Operation"),
    ("contract_kit.target.make", "target_of"),
    *((f"contract_kit.{room}", name) for room in sorted(PUBLIC) for name in sorted(PUBLIC[room])),
]

MODULES = [
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(ROOT.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_public_name_shows_an_example_call(module: str, name: str) -> None:
    """In its docstring; a class may show it in that of a method."""
    found = getattr(importlib.import_module(module), name)
    own = vars(found).values() if inspect.isclass(found) else ()
    texts = [inspect.getdoc(each) or "" for each in (found, *filter(callable, own))]
    assert any(">>> " in text for text in texts)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_are_right(module: str, monkeypatch, tmp_path) -> None:
    """Where no settings hold."""
    monkeypatch.chdir(tmp_path)
    done = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0
