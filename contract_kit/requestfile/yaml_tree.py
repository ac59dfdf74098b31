"""The tree of one YAML text: values with their places."""

from __future__ import annotations

import json
import re

from contract_kit.contract.shape import Json, Path
from contract_kit.requestfile.document import Stretch

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
"""Words that some reader of YAML takes for a boolean or for nothing; they need quotes."""


class Branch:
    """One node. size: nodes below and including it, with every alias counted as what it stands for.

    entries: of a collection, key or index → (place of the key, node, place of the alias, if any).
    done: False while the collection is still open.
    """

    __slots__ = ("at", "done", "entries", "size", "value")

    def __init__(self, value: Json, at: Stretch) -> None:
        self.value = value
        self.at = at
        self.size = 1
        self.done = True
        self.entries: dict[str | int, tuple[Stretch, Branch, Stretch | None]] = {}

    def place(self, segment: str | int) -> Stretch:
        """The place of an entry's value: that of its alias, if it is one."""
        _, node, alias = self.entries[segment]
        return alias or node.at


class YamlPlaces:
    """Places in one YAML text."""

    __slots__ = ("_root", "_text")

    def __init__(self, text: str, root: Branch) -> None:
        self._text = text
        self._root = root

    def _around(self, path: Path) -> Branch:
        node = self._root
        for segment in path[:-1]:
            node = node.entries[segment][1]
        return node

    def value(self, path: Path) -> Stretch:
        """The stretch of the value at a path, without its anchor and tag; or of its alias."""
        return self._around(path).place(path[-1]) if path else self._root.at

    def key(self, path: Path) -> Stretch:
        """The stretch of the key that a path ends with."""
        return self._around(path).entries[path[-1]][0]

    def alias(self, path: Path) -> Stretch | None:
        """The stretch of the alias nearest to the value at a path; None where none leads to it."""
        node, found = self._root, None
        for segment in path:
            if segment not in node.entries:
                break
            _, node, alias = node.entries[segment]
            found = alias or found
        return found

    def key_text(self, name: str, at: Stretch) -> str:
        """A name in the quotes at that place, or in none if it needs none."""
        quote = self._text[at[0] : at[0] + 1]
        if quote == "'":
            return "'" + name.replace("'", "''") + "'"
        if quote != '"' and _PLAIN.fullmatch(name) and name.lower() not in _WORDS:
            return name
        return json.dumps(name, ensure_ascii=False)
