"""The rooms of DESIGN.md: who imports whom, what each never loads, and what is public."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import contract_kit
from contract_kit.contract.catalog import committed_names

ROOT = Path(contract_kit.__file__).parent

ORDER = (
    "errors < files, text < pattern < contract < derive, validate < settings < (package) < wire < cases < strategies "
    "< target < verdict < report < fuzz, requestfile, openapi, spy "
    "< reference, schemathesis_hooks < cli, pytest_plugin < __main__"
)
"""DESIGN.md's order. (package) is contract_kit/__init__.py, which derives what is not committed."""

RANK = {
    room.strip(): rank for rank, rooms in enumerate(ORDER.split("<")) for room in rooms.split(",")
}

LAZY = {
    "cli",
    "pytest_plugin",
    "requestfile",
    "(package)",
    "contract",
    "fuzz",
    "pattern",
    "settings",
    "text",
    "validate",
}
"""Rooms that may import inside functions, where it keeps start-up fast.

`contract`, `pattern` and `validate` among them: checking one small file needs a quarter of them and no
engine, and takes a third of the time of check-jsonschema. `fuzz`, since cases need no Hypothesis.
"""

LIBRARIES = {
    "botocore": {"derive", "wire", "spy", "target"},
    "cbor2": {"wire"},
    "click": {"cli"},
    "dateutil": {"requestfile"},
    "h11": {"target"},
    "httpx2": {"target", "spy"},
    "hypothesis": {"strategies", "fuzz", "schemathesis_hooks", "pytest_plugin"},
    "jsonschema": {"derive", "validate"},
    "jsonschema_rs": {"pattern", "text", "validate"},
    "lxml": {"wire"},
    "pytest": {"pytest_plugin"},
    "regress": {"validate"},
    "requests": {"schemathesis_hooks"},
    "rich": {"cli", "report"},
    "ruamel": {"requestfile"},
    "schemathesis": {"schemathesis_hooks"},
    "tomlkit": {"report"},
}
"""Every library that the package imports, and the rooms that may load it."""

PUBLIC = {
    "cases": {"Case", "boundary_cases"},
    "fuzz": {"Part", "Setup", "fuzz", "run"},
    "spy": {"Broken", "Call", "Spy", "spying"},
    "strategies": {"Violating", "messages", "valid", "violating"},
    "target": {"Abilities", "Recipe", "Target", "target_of"},
    "validate": {"Validator", "Violation"},
}
"""Names that a room offers at its door, each loaded when it is first asked for."""

LONGER = {
    "derive/page.py": "one reader for one page layout; its parts know each other's state",
}
"""Modules of more than 300 lines, each with the reason."""

EXAMPLES = {
    ("contract/catalog.py", "StartArchiveExport"): "the example in a message about ids",
    ("cli/targets.py", "StartArchiveExport"): "the example in a message about ids",
    ("derive/page.py", "StartArchiveExport"): "the example in a message about titles",
}
"""Names of operations that stand in the core, each with the reason."""


@dataclass(frozen=True)
class Import:
    """One import statement. target: the module; inside: the function around it, or nothing."""

    source: Path
    target: str
    inside: str
    line: int

    @property
    def where(self) -> str:
        """For a message."""
        return f"{self.source.relative_to(ROOT)}:{self.line} imports {self.target}"


def room_of(path: Path) -> str:
    """The room that a module stands in."""
    first = path.relative_to(ROOT).parts[0]
    return "(package)" if first == "__init__.py" else first.removesuffix(".py")


def target_room(module: str) -> str:
    """The room that an imported module of the package stands in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "(package)"


@functools.cache
def sources() -> dict[Path, ast.Module]:
    """Every module of the package, parsed."""
    return {path: ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}


def imports_of(path: Path, tree: ast.Module) -> Iterator[Import]:
    """Every import, also below functions and TYPE_CHECKING; relative ones spelt out."""

    def visit(node: ast.AST, inside: str) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(path, alias.name, inside, child.lineno)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}:{child.lineno}: write imports in full"
                for module in modules_named(child):
                    yield Import(path, module, inside, child.lineno)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                yield from visit(child, getattr(child, "name", "lambda"))
            else:
                yield from visit(child, inside)

    yield from visit(tree, "")


def modules_named(node: ast.ImportFrom) -> Iterator[str]:
    """`from contract_kit import operation` names the package, `… import errors` a module of it."""
    for alias in node.names:
        inner = f"{node.module}.{alias.name}".replace(".", "/")
        below = ROOT.parent / f"{inner}.py"
        is_module = below.is_file() or (ROOT.parent / inner / "__init__.py").is_file()
        yield f"{node.module}.{alias.name}" if is_module else str(node.module)


@functools.cache
def imports() -> tuple[Import, ...]:
    """Every import of the package."""
    return tuple(entry for path, tree in sources().items() for entry in imports_of(path, tree))


def test_the_check_sees_the_imports():
    """Those of functions and of type checking among them: else all that follows proves nothing."""
    seen = imports()
    assert len(seen) > 200
    assert {"contract_kit.errors", "contract_kit.wire.message", "botocore.auth"} <= {
        entry.target for entry in seen
    }
    assert any(entry.inside == "operation" for entry in seen)
    checking = [entry for entry in seen if entry.target == "contract_kit.fuzz.partial_outcome"]
    assert checking


def test_every_room_has_its_place_in_the_order():
    """A new room is a decision."""
    rooms = {room_of(path) for path in sources()}
    assert rooms <= set(RANK)
    assert len(rooms) > 10


def test_a_room_imports_only_from_rooms_further_left():
    """Imports inside functions and for types count too."""
    wrong = [
        entry.where
        for entry in imports()
        if entry.target.split(".")[0] == "contract_kit"
        and (room := room_of(entry.source)) != (wanted := target_room(entry.target))
        and RANK[wanted] >= RANK[room]
    ]
    assert wrong == []


def test_imports_inside_functions_stand_only_where_they_keep_start_up_fast():
    """In front ends; and at the door of a room, of its own modules."""
    wrong = [
        entry.where
        for entry in imports()
        if entry.inside
        and room_of(entry.source) not in LAZY
        and not (
            entry.inside == "__getattr__"
            and entry.source.name == "__init__.py"
            and target_room(entry.target) == room_of(entry.source)
        )
    ]
    assert wrong == []


def test_each_library_is_loaded_by_its_rooms_alone():
    """No HTTP where data is made, no Hypothesis where cases are, no botocore in the contract."""
    known = sys.stdlib_module_names | {"contract_kit", "_typeshed"}
    wrong = [
        entry.where
        for entry in imports()
        if (library := entry.target.split(".")[0]) not in known
        and room_of(entry.source) not in LIBRARIES.get(library, set())
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted(RANK.keys() - {"(package)", "errors", "files"}))
def test_the_door_of_a_room_holds_nothing_but_its_public_names(room):
    """A docstring; and for a public room a table of names that loads nothing by itself."""
    path = ROOT / room / "__init__.py"
    if not path.is_file():
        assert room not in PUBLIC, "the room that offers these names is gone"
        return
    body = sources()[path].body
    assert isinstance(body[0], ast.Expr), "a room says what it holds"
    rest = [node for node in body[1:] if not is_future(node)]
    if room not in PUBLIC:
        assert rest == []
        return
    module = importlib.import_module(f"contract_kit.{room}")
    assert set(module.__all__) == PUBLIC[room]
    for name in PUBLIC[room]:
        assert getattr(module, name).__module__.startswith(f"contract_kit.{room}.")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing


def is_future(node: ast.stmt) -> bool:
    """Whether a statement is `from __future__ import …`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


@pytest.mark.parametrize("room", sorted(PUBLIC))
def test_opening_the_door_of_a_room_loads_nothing_of_it(room):
    """Neither its modules nor a library."""
    script = f"import sys, contract_kit.{room}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = done.stdout.decode().split()
    assert [name for name in loaded if name.startswith(f"contract_kit.{room}.")] == []
    assert not {"hypothesis", "httpx2", "botocore"} & set(loaded)


def test_the_package_exports_what_it_says():
    """No name is public by accident; the one that loads something is there when asked for."""
    public = {
        name
        for name, value in vars(contract_kit).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    names = {"Operation", "operation"}
    assert public | {"Operation"} == set(contract_kit.__all__) == names
    assert contract_kit.Operation.__module__ == "contract_kit.contract.operation"
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = contract_kit.nothing


def words_of(tree: ast.Module) -> Iterator[str]:
    """Every name and string of a module, docstrings left out."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    # A string that stands alone documents the name above it.
    documented |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    documented |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".__doc__")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documented:
                yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_no_operation_is_known_to_the_core():
    """Any operation that botocore describes must be derivable by the same code."""
    names = committed_names("mailmanager")
    assert len(names) == 60
    operations = re.compile(rf"\b({'|'.join(names)})\b")
    found = {
        (str(path.relative_to(ROOT)), match[1])
        for path, tree in sources().items()
        if room_of(path) != "reference"
        for word in words_of(tree)
        for match in operations.finditer(word)
    }
    assert found == set(EXAMPLES)


WIRE_WORDS = re.compile(
    r"x-amz-target|x-amzn-errortype|application/x-amz-json|application/cbor|smithy-protocol"
    r"|x-amzn-query|__type|json_?version|target_?prefix",
    re.IGNORECASE,
)
"""Words by which a module shows that it knows a wire."""

KNOW_WIRES = {
    ("contract/shape.py", "__type"): "a member that readers pass over, whatever the wire",
    ("derive/schema.py", "jsonVersion"): "a fact of the model, kept for the wire",
    ("derive/schema.py", "targetPrefix"): "a fact of the model, kept for the wire",
}
"""Words of wires outside their room, each with the reason."""


def test_wires_are_known_to_their_room_alone():
    """A new one is a codec, an envelope and a row; nothing else changes."""
    found = {
        (str(path.relative_to(ROOT)), match[0])
        for path, tree in sources().items()
        if room_of(path) != "wire"
        for word in words_of(tree)
        for match in WIRE_WORDS.finditer(word)
    }
    assert found == set(KNOW_WIRES)


def test_modules_are_short():
    """300 lines at most, but for those with a reason."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()
    }
    assert {name for name, lines in lengths.items() if lines > 300} == set(LONGER)


def test_a_class_name_stands_for_one_idea_in_the_whole_package():
    """No two classes have the same name, private ones among them."""
    names = [
        node.name
        for tree in sources().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    assert len(names) > 200
    assert sorted({name for name in names if names.count(name) > 1}) == []
