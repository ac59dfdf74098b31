"""Walks a request beside the shapes of its operation and collects every broken constraint."""

from __future__ import annotations

import binascii
import math
from collections.abc import Callable

from contract_kit.contract.shape import (
    INTEGER_BITS,
    ITEM,
    KEY,
    NOT_FINITE,
    TYPE_NAME,
    VALUE,
    YEAR_1,
    YEAR_9999,
    Json,
    Path,
)
from contract_kit.contract.walk import MAX_DEPTH
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.violation import Violation, message, shorten

MAX_FOUND = 1000
"""Violations after which a walk stops: lists that hold themselves would have no end of them."""

HIDDEN_KEY = "*"
"""Replaces a sensitive map key in messages."""

PASSED_OVER = frozenset((TYPE_NAME, "ResponseMetadata"))
"""Names beside the members of a result that clients pass over, or fill in themselves."""

UNKNOWN = "be a documented member"
"""The demand on a member that a structure does not have."""


class RequestWalk:
    """One walk over one request.

    wire: unknown members and nulls of optional ones are skipped. nulls: the latter alone.
    reply: it is over a result, which clients have to be able to read.
    """

    __slots__ = ("_hidden_below", "_hidden_keys", "found", "nulls", "reply", "wire")

    def __init__(self, *, wire: bool, nulls: bool = False, reply: bool = False) -> None:
        self.wire = wire
        self.reply = reply
        self.nulls = wire or nulls
        self.found: list[Violation] = []
        # A sensitive member hides all that it holds, map keys included.
        self._hidden_below = 0
        self._hidden_keys: list[int] = []

    def check(self, node: LocationNode, value: Json, path: Path) -> None:
        """Adds what `value` breaks at `node` and below."""
        kind = node.shape.type
        if kind not in _CONTAINERS:
            _SCALARS.get(kind, RequestWalk._scalar)(self, node, value, path)
        elif len(path) > MAX_DEPTH:
            self._add(node, "type", value, path, f"be nested no deeper than {MAX_DEPTH} levels")
        elif len(self.found) < MAX_FOUND:
            self._hidden_below += node.shape.sensitive
            _CONTAINERS[kind](self, node, value, path)
            self._hidden_below -= node.shape.sensitive

    def _add(
        self,
        node: LocationNode,
        kind: str,
        value: Json,
        path: Path,
        tail: str = "",
        *,
        of_key: bool = False,
    ) -> None:
        if len(self.found) >= MAX_FOUND:
            return
        tail = tail or node.tails.get(kind) or "be an object"
        sensitive = bool(node.shape.sensitive or self._hidden_below)
        where = path
        for index in self._hidden_keys:
            where = (*where[:index], HIDDEN_KEY, *where[index + 1 :])
        if path and isinstance(path[-1], int) and kind != "type" and not node.shape.members:
            # AWS reports constraints of simple items at their list.
            tails = [f"Member must {text}" for name, text in node.tails.items() if name != "type"]
            where, tail = where[:-1], f"satisfy constraint: [{', '.join(tails)}]"
        self.found.append(
            Violation(
                constraint=node.ids[kind],
                path=path,
                value=value,
                message=message(value, where, tail, sensitive=sensitive),
                of_key=of_key or node.location[-1:] == (KEY,),
            )
        )

    def _length(self, node: LocationNode, length: int, value: Json, path: Path) -> None:
        low, high = node.length_kinds
        if length < (node.shape.min_length or 0):
            self._add(node, low, value, path)
        if node.shape.max_length is not None and length > node.shape.max_length:
            self._add(node, high, value, path)

    def _structure(self, node: LocationNode, value: Json, path: Path) -> None:
        if not isinstance(value, dict):
            self._add(node, "type", value, path)
            return
        present = 0
        for name, required, child in node.members:
            given = value.get(name)
            if given is not None:
                present += 1
                self.check(child, given, (*path, name))
            elif required or name in value:
                present += self._absent(child, required, name in value, (*path, name))
        if node.shape.type == "union" and present != 1:
            self._add(node, "union", value, path)
        if not value.keys() <= node.names:
            if self.reply:
                self._unread(node, value, path)
            elif not self.wire:
                self._unknown(node, value, path)

    def _absent(self, node: LocationNode, required: bool, is_null: bool, path: Path) -> bool:
        """Adds what a null, or the lack of a required member, breaks; whether it counts."""
        # Null is a document like any other.
        is_document = is_null and node.shape.type == "document"
        if not is_document:
            if required:
                self._add(node, "required", None, path)
            elif not self.nulls:
                self._add(node, "type", None, path)
        return is_document or (is_null and not self.nulls)

    def _unknown(self, node: LocationNode, value: Json, path: Path) -> None:
        for name in value:
            if name not in node.names:
                shown = name if isinstance(name, str) else shorten(name)
                self._add(node, "type", name, (*path, shown), UNKNOWN, of_key=True)

    def _unread(self, node: LocationNode, value: Json, path: Path) -> None:
        """Adds names that no client reads: in another case, or none of those documented."""
        lacking = {name.lower(): name for name, _, _ in node.members if value.get(name) is None}
        given = [name for name in value if name not in node.names and value[name] is not None]
        near = [name for name in given if name.lower() in lacking]
        for name in near:
            tail = f"be spelt {lacking[name.lower()]!r}: no client reads it as it is"
            self._add(node, "type", name, (*path, shorten(name)), tail, of_key=True)
        known = any(value.get(name) is not None for name in node.names)
        if not path and not near and node.names and not known and set(given) - PASSED_OVER:
            names = ", ".join(shorten(name) for name in given[:3])
            self._add(node, "type", value, path, f"hold a documented member, not only {names}")

    def _list(self, node: LocationNode, value: Json, path: Path) -> None:
        if not isinstance(value, (list, tuple)):
            self._add(node, "type", value, path)
            return
        self._length(node, len(value), value, path)
        if value:
            child = node.child(ITEM)
            for index, item in enumerate(value):
                self._entry(node, child, item, (*path, index))

    def _map(self, node: LocationNode, value: Json, path: Path) -> None:
        if not isinstance(value, dict):
            self._add(node, "type", value, path)
            return
        self._length(node, len(value), value, path)
        hidden = self._hidden_below or node.child(KEY).shape.sensitive
        if hidden:
            self._hidden_keys.append(len(path))
        for name, item in value.items():
            if isinstance(name, str) and _is_text(name):
                where = (*path, name)
                self.check(node.child(KEY), name, where)
            else:
                where = (*path, shorten(name))
                shown = HIDDEN_KEY if hidden else name
                self._add(node, "type", shown, where, "have only strings as keys", of_key=True)
            self._entry(node, node.child(VALUE), item, where)
        if hidden:
            self._hidden_keys.pop()

    def _entry(self, node: LocationNode, child: LocationNode, item: Json, path: Path) -> None:
        if item is not None:
            self.check(child, item, path)
        elif not node.shape.sparse and child.shape.type != "document":
            self._add(child, "type", None, path, "not be null")

    def _string(self, node: LocationNode, value: Json, path: Path) -> None:
        if not isinstance(value, str) or not _is_text(value):
            self._add(node, "type", value, path)
            return
        shape = node.shape
        if shape.min_length or shape.max_length is not None:
            self._length(node, len(value), value, path)
        if shape.enum and value not in shape.enum:
            self._add(node, "enum", value, path)
        if node.matches is not None and not node.matches(value):
            self._add(node, "pattern", value, path)

    def _blob(self, node: LocationNode, value: Json, path: Path) -> None:
        import base64

        try:
            decoded = base64.b64decode(value, validate=True) if isinstance(value, str) else None
        except (binascii.Error, ValueError):
            decoded = None
        if decoded is None:
            self._add(node, "type", value, path)
        else:
            self._length(node, len(decoded), value, path)

    def _timestamp(self, node: LocationNode, value: Json, path: Path) -> None:
        found = len(self.found)
        self._scalar(node, value, path)
        if self.reply and len(self.found) == found and not YEAR_1 <= value < YEAR_9999 + 1:
            self._add(node, "type", value, path, "lie in the years 1 to 9999, in epoch seconds")

    def _scalar(self, node: LocationNode, value: Json, path: Path) -> None:
        low, high = node.shape.minimum, node.shape.maximum
        bounded = low is not None or high is not None
        if not _is_of_type(node.shape.type, value) or (bounded and isinstance(value, str)):
            self._add(node, "type", value, path)
            return
        if low is not None and value < low:
            self._add(node, "minimum", value, path)
        if high is not None and value > high:
            self._add(node, "maximum", value, path)


_Check = Callable[[RequestWalk, LocationNode, Json, Path], None]
_CONTAINERS: dict[str, _Check] = {
    "structure": RequestWalk._structure,
    "union": RequestWalk._structure,
    "list": RequestWalk._list,
    "map": RequestWalk._map,
}
_SCALARS: dict[str, _Check] = {
    "string": RequestWalk._string,
    "blob": RequestWalk._blob,
    "timestamp": RequestWalk._timestamp,
    "document": lambda walk, node, value, path: None,
}
"""Shape type → its check; numbers of all types and booleans have one together."""


def _is_text(value: str) -> bool:
    """Whether a string has Unicode scalar values only: no lone surrogate."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_of_type(type: str, value: Json) -> bool:
    if type == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    bits = INTEGER_BITS.get(type)
    if bits is not None:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)
    if isinstance(value, str):
        return type in ("float", "double") and value in NOT_FINITE
    if isinstance(value, int):
        # Wire numbers are doubles; an integer beyond their range is none.
        return value.bit_length() <= 1024
    return isinstance(value, float) and math.isfinite(value)
