"""Reads YAML as AWS CLI v2 does: ruamel.yaml, pure Python, version 1.2 unless a text says 1.1.

The values are built here from the parser's events, so that places are kept, nothing recurses, and
an alias is counted before anybody follows it.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from contract_kit.contract.number_literals import real
from contract_kit.contract.shape import Json
from contract_kit.requestfile.document import Document, Stretch, Trouble
from contract_kit.requestfile.files import UnreadableFile
from contract_kit.requestfile.json_text import DEEPEST, HUGE, NESTED, duplicate, first_of
from contract_kit.requestfile.yaml_tree import Branch, YamlPlaces
from contract_kit.requestfile.yaml_words import in_words
from contract_kit.validate.violation import shorten

MOST_YAML = 4 * 1024 * 1024
"""Bytes of a YAML file that are read, at about 0.3 MB a second."""

WRITE_JSON = "write JSON, which is read a hundred times faster"

MOST_NODES = 200_000
"""Nodes that a text may have once its aliases are followed."""

MOST_WRITTEN = 100_000
"""Nodes that are written in a text, at some 50 µs each."""

MANY_DIGITS = 400
"""Characters of an integer beyond which no type holds it; some forms are read in quadratic time."""

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset(
    _TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "binary")
)
_DECIMAL = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+\.(?:[eE][-+]?[0-9]+)?")
_NAMES = {_TAG + "timestamp": "time", _TAG + "int": "number", _TAG + "float": "number"}
_COLLECTIONS = {"MappingStartEvent": _TAG + "map", "SequenceStartEvent": _TAG + "seq"}
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+|$)(?:#[^\n]*\s*)*)*")

_HEAD = re.compile(r"(?:[ \t]*(?:#[^\n]*|---[ \t]*|%[^\n]*)?(?:\r?\n|$))*")
_SCHEMA = re.compile(r"#[ \t]*yaml-language-server[ \t]*:[^\n]*?\$schema=(\S+)")
"""Comments and empty lines before the first value, and the one among them that names a schema."""

MERGE = object()
"""The key `<<`, whose value's entries join the mapping."""


class BadYaml(Exception):
    """A text that stands for no value. trouble: why."""

    def __init__(self, rule: str, at: Stretch, message: str) -> None:
        super().__init__(message)
        self.trouble = Trouble(rule=rule, at=at, message=message)


def read_yaml(text: str) -> Document:
    """The document, with all trouble that there is. Raises UnreadableFile if it is too large."""
    if len(text) > MOST_YAML:
        raise UnreadableFile(f"is larger than {MOST_YAML // 1024 // 1024} MiB; {WRITE_JSON}")
    builder = _Builder(text)
    try:
        root = builder.build()
    except BadYaml as refusal:
        return Document(value=None, places=None, trouble=(refusal.trouble,))
    except ReaderError as error:
        message = "a character that YAML does not allow; write it as an escape in double quotes"
        at = (error.position, error.position + 1)
        trouble = Trouble(rule="file.syntax", at=at, message=message)
    except MarkedYAMLError as error:
        trouble = _syntax(error)
    except (YAMLError, ValueError, IndexError, AttributeError, RecursionError) as error:
        # The parser stumbles over some texts in ways of its own.
        message = (
            f"invalid YAML: cannot read what begins here ({type(error).__name__}); {WRITE_JSON}"
        )
        trouble = Trouble(rule="file.syntax", at=builder.last, message=message)
    else:
        places = YamlPlaces(text, root)
        found = (*first_of(iter(builder.doubled)), *first_of(iter(builder.not_numbers)))
        return Document(value=root.value, places=places, trouble=found, schema=_schema(text))
    return Document(value=None, places=None, trouble=(trouble,))


def _schema(text: str) -> str:
    """The schema that a comment at the head of a text names, as editors read it."""
    head = _HEAD.match(text)
    found = _SCHEMA.search(head[0]) if head else None
    return found[1] if found else ""


def _syntax(error: MarkedYAMLError) -> Trouble:
    mark = error.problem_mark or error.context_mark
    at = mark.index if mark is not None else 0
    return Trouble(rule="file.syntax", at=(at, at + 1), message=f"invalid YAML: {in_words(error)}")


class _Open:
    """A collection whose end has not come. keys: key → place, of those written out."""

    __slots__ = ("block", "key", "keys", "merged", "node", "start")

    def __init__(self, node: Branch, start: int, block: bool) -> None:
        self.node = node
        self.start = start
        self.block = block
        self.key: tuple[Any, Stretch] | None = None
        self.keys: dict[Any, Stretch] = {}
        self.merged: list[tuple[Branch, Stretch]] = []


class _Builder:
    def __init__(self, text: str) -> None:
        self.doubled: list[Trouble] = []
        self.not_numbers: list[Trouble] = []
        self.last: Stretch = (0, 0)
        self._text = text
        self._yaml = YAML(typ="safe", pure=True)
        self._anchors: dict[str, Branch] = {}
        self._open: list[_Open] = []
        self._root: Branch | None = None
        self._documents = 0

    def build(self) -> Branch:
        for number, event in enumerate(self._yaml.parse(self._text)):
            self.last = (event.start_mark.index, event.end_mark.index)
            kind = type(event).__name__
            if number > MOST_WRITTEN:
                raise UnreadableFile(f"holds more than {MOST_WRITTEN:,} values; {WRITE_JSON}")
            if kind == "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    message = "a second document begins here; keep one document in a file"
                    raise BadYaml("file.syntax", self.last, message)
            elif kind == "ScalarEvent":
                self._add(self._scalar(event), event.anchor)
            elif kind == "AliasEvent":
                self._alias(event)
            elif kind in _COLLECTIONS:
                self._start(event, kind)
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                self._end(event)
        if self._root is None or (
            self._root.value is None and not self._text[slice(*self._root.at)]
        ):
            raise BadYaml("file.syntax", (0, 0), "the file is empty; write a request as a mapping")
        return self._root

    def _start(self, event: Any, kind: str) -> None:
        tag = str(event.ctag) if event.ctag is not None else _COLLECTIONS[kind]
        if tag not in (_COLLECTIONS[kind], "!"):
            raise BadYaml("file.syntax", self.last, f"unknown tag {tag}")
        start = self._after_properties(self.last[0])
        if len(self._open) >= DEEPEST:
            message = NESTED
            raise BadYaml("file.nesting", (start, start + 1), message)
        node = Branch({} if kind == "MappingStartEvent" else [], (start, start + 1))
        node.done = False
        if event.anchor:
            self._anchors[event.anchor] = node
        self._open.append(_Open(node, start, not event.flow_style))

    def _end(self, event: Any) -> None:
        ended = self._open.pop()
        node = ended.node
        for merged, at in reversed(ended.merged):
            self._merge(node, merged, at, set(ended.keys))
        if not ended.block:
            node.at = (ended.start, event.end_mark.index)
        elif node.entries:
            ends = [
                max(key[1], (alias or inner.at)[1]) for key, inner, alias in node.entries.values()
            ]
            own = [end for end in ends if end <= event.start_mark.index and end > ended.start]
            node.at = (ended.start, max(own, default=ended.start + 1))
        node.done = True
        self._add(node, None)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise BadYaml("file.alias", self.last, f"no anchor &{event.anchor} precedes it")
        if not node.done:
            raise BadYaml("file.alias", self.last, f"*{event.anchor} refers to itself")
        self._add(node, None, alias=self.last)

    def _add(self, node: Branch, anchor: str | None, *, alias: Stretch | None = None) -> None:
        """Puts a finished node where it belongs."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        around = self._open[-1]
        at = alias or node.at
        if isinstance(around.node.value, list):
            around.node.entries[len(around.node.value)] = (at, node, alias)
            around.node.value.append(node.value)
            self._grow(around.node, node, at)
        elif around.key is None:
            around.key = self._key(around, node, at)
        else:
            self._entry(around, node, at, alias)

    def _grow(self, around: Branch, node: Branch, at: Stretch) -> None:
        around.size += node.size
        if around.size > MOST_NODES:
            message = f"aliases expand it to more than {MOST_NODES:,} values; write it out"
            raise BadYaml("file.alias", at, message)

    def _key(self, around: _Open, node: Branch, at: Stretch) -> tuple[Any, Stretch]:
        if node.entries or isinstance(node.value, (dict, list)):
            raise BadYaml("file.syntax", at, "a key must be a string, not a collection")
        is_merge = node.value == "<<" and self._text[slice(*at)] == "<<"
        key = MERGE if is_merge else node.value
        first = around.keys.setdefault(key, at)
        if first != at:
            self.doubled.append(duplicate(shorten(node.value), at, first))
        return key, at

    def _entry(self, around: _Open, node: Branch, at: Stretch, alias: Stretch | None) -> None:
        assert around.key is not None
        key, key_at = around.key
        around.key = None
        self._grow(around.node, node, at)
        if key is MERGE:
            parts = node.entries.values() if isinstance(node.value, list) else [(at, node, None)]
            for _, part, _ in parts:
                if not isinstance(part.value, dict):
                    raise BadYaml("file.syntax", at, "<< takes a mapping, or a list of mappings")
                around.merged.append((part, at))
            return
        if at[0] == at[1] and node.value is None:
            # The value is empty: a reader sees its key.
            node.at = key_at
        around.node.value[key] = node.value
        around.node.entries[_segment(key)] = (key_at, node, alias)

    def _merge(self, node: Branch, merged: Branch, at: Stretch, own: set[Any]) -> None:
        """Entries of a merged mapping, where the mapping itself, or an earlier one, has none."""
        for key, value in merged.value.items():
            if key not in own:
                node.value[key] = value
                node.entries[_segment(key)] = merged.entries[_segment(key)]

    def _scalar(self, event: Any) -> Branch:
        start, end = self.last
        start = min(self._after_properties(start), end)
        end = start + len(self._text[start:end].rstrip())
        at = (start, end)
        tag = event.ctag
        if tag is None or str(tag) == "!":
            tag = self._yaml.resolver.resolve(ScalarNode, event.value, event.implicit)
        if str(tag) == _TAG + "merge":
            return Branch("<<", at)
        if str(tag) not in _SCALARS:
            raise BadYaml("file.syntax", at, f"unknown tag {tag}")
        return Branch(self._value(event, tag, at), at)

    def _value(self, event: Any, tag: Any, at: Stretch) -> Json:
        if str(tag) == _TAG + "str":
            return event.value
        if str(tag) == _TAG + "int" and len(event.value.lstrip("+-0_")) >= MANY_DIGITS:
            return HUGE * (-1 if event.value.startswith("-") else 1)
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            value = self._yaml.constructor.construct_object(node)
        except (YAMLError, ValueError, OverflowError) as error:
            kind = _NAMES.get(str(tag), "value")
            said = f"{shorten(event.value)} is not a {kind} that can be read"
            raise BadYaml("file.syntax", at, f"{said}; put it in quotes if it is text") from error
        if isinstance(value, float) and value - value != 0:
            message = f"{event.value} is not a number in JSON; write a finite one"
            self.not_numbers.append(Trouble(rule="file.notANumber", at=at, message=message))
        elif isinstance(value, float) and _DECIMAL.fullmatch(event.value):
            return real(event.value)
        return value

    def _after_properties(self, at: int) -> int:
        match = _PROPERTIES.match(self._text, at)
        return match.end() if match else at


def _segment(key: Json) -> str:
    return key if isinstance(key, str) else shorten(key)
