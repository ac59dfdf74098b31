"""A violation planted at a random place is found at that place, in every layout of white space."""

from __future__ import annotations

import json
import math
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.requestfile.finding_places import FindingPlaces
from contract_kit.requestfile.json_text import JsonReader
from contract_kit.requestfile.request_checker import FileChecker
from contract_kit.requestfile.text import Lines
from contract_kit.requestfile.yaml_text import read_yaml
from contract_kit.strategies import valid, violating
from contract_kit.validate import Validator

NAMES = ("mailmanager:StartArchiveExport", "mailmanager:CreateRuleSet", "mailmanager:TagResource")


class Layout:
    """One text being written. draw(options) picks one of them.

    values, keys: path → (start, end) in code points. A key's place is under the path of its value.
    """

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.values = {}
        self.keys = {}

    def put(self, text):
        """Appends text; where it stands."""
        start = len(self.text)
        self.text += text
        return start, len(self.text)


class JsonLayout(Layout):
    """JSON with any white space between tokens, and any letter of a string as an escape."""

    SPACES = ("", "", " ", "\n", "\r\n", "\r", "\t", "\n    ", " \n\n\t ")

    def write(self, value):
        """The whole text."""
        self.space()
        self.value(value, ())
        self.space()
        return self

    def space(self):
        """White space, or none."""
        self.put(self.draw(self.SPACES))

    def string(self, text):
        """A string token."""
        made = ""
        for char in text:
            plain = json.dumps(char, ensure_ascii="\ud800" <= char <= "\udfff")[1:-1]
            made += self.draw((plain, plain, plain, json.dumps(char)[1:-1]))
        return self.put(f'"{made}"')

    def value(self, value, path):
        """Any value."""
        start = len(self.text)
        if isinstance(value, dict):
            self.many(value.items(), path, "{}")
        elif isinstance(value, (list, tuple)):
            self.many(enumerate(value), path, "[]")
        elif isinstance(value, str):
            self.string(value)
        else:
            self.put(json.dumps(value))
        self.values[path] = (start, len(self.text))

    def many(self, entries, path, brackets):
        """An object or a list."""
        self.put(brackets[0])
        for number, (name, entry) in enumerate(entries):
            if number:
                self.put(",")
            self.space()
            if brackets == "{}":
                self.keys[(*path, name)] = self.string(name)
                self.space()
                self.put(":")
                self.space()
            self.value(entry, (*path, name))
            self.space()
        self.space()
        self.put(brackets[1])


def yaml_escaped(text):
    """The inside of a string in double quotes."""
    made = ""
    for char in text:
        code = ord(char)
        if char in '"\\':
            made += "\\" + char
        elif 0x20 <= code < 0x7F or 0xA0 <= code < 0x2028 or 0x1F300 <= code < 0x1F700:
            made += char
        else:
            made += f"\\U{code:08x}"
    return made


class YamlLayout(Layout):
    """YAML in block or flow style, with comments, empty lines, anchors and any quotes."""

    def write(self, value):
        """The whole text."""
        self.put(self.draw(("", "", "# é😀 comment\n", "---\n", "\n\n", "%YAML 1.2\n---\n")))
        self.value(value, (), 0, flow=False, first="")
        self.put(self.draw(("", "\n", "\n# end\n", "\n...\n")))
        return self

    def value(self, value, path, depth, *, flow, first):
        """Any value. first: what parts it from the token before it on the same line."""
        block = not flow and value and isinstance(value, (dict, list)) and self.draw((0, 0, 1)) == 0
        if not block:
            self.put(first)
        # The anchor of the root would need a line of its own.
        if path and self.draw((0, 0, 0, 1)):
            self.put(("" if not block else first) + f"&a{len(self.text)}" + ("" if block else " "))
        if block:
            self.block(value, path, depth)
            return
        start = len(self.text)
        if isinstance(value, (dict, list)):
            self.flow(value, path, depth)
        else:
            self.scalar(value)
        self.values[path] = (start, len(self.text))

    def line(self, depth):
        """A new line, after a comment or an empty line, indented."""
        more = ("", "", " # note", "\n", "\n# note 😀\n", "\r\n")
        self.put(self.draw(more) + self.draw(("\n", "\n", "\r\n")) + "  " * depth)

    def block(self, value, path, depth):
        """A collection in block style, on lines of its own."""
        start, end = None, 0
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (name, entry) in enumerate(pairs):
            if number or path:
                self.line(depth)
            start = len(self.text) if start is None else start
            if isinstance(value, dict):
                self.key(name, path)
            else:
                self.put("-")
            self.value(entry, (*path, name), depth + 1, flow=False, first=self.draw((" ", "   ")))
            end = self.values[(*path, name)][1]
        self.values[path] = (start, end)

    def flow(self, value, path, depth):
        """A collection in flow style, over any number of lines."""
        gap = ("", " ", "\n" + "  " * (depth + 1))
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        self.put(opening)
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (name, entry) in enumerate(pairs):
            self.put("," * bool(number) + self.draw(gap))
            if isinstance(value, dict):
                self.key(name, path)
            self.value(entry, (*path, name), depth + 1, flow=True, first=" ")
            self.put(self.draw(gap))
        self.put(closing)

    def key(self, name, path):
        """A key and its colon."""
        plain = name.isascii() and name.isalpha() and name.lower() not in ("null", "true", "false")
        text = self.draw((name, f'"{name}"')) if plain else f'"{yaml_escaped(name)}"'
        self.keys[(*path, name)] = self.put(text)
        self.put(":")

    def scalar(self, value):
        """A scalar; strings in any quotes that can hold them."""
        if not isinstance(value, str):
            self.put(json.dumps(value))
            return
        styles = [f'"{yaml_escaped(value)}"']
        if value.isprintable() and value.isascii():
            styles.append("'" + value.replace("'", "''") + "'")
        if value.isascii() and value.isalpha() and value.lower() not in ("null", "true", "false"):
            styles.append(value)
        self.put(self.draw(styles))


def scalars(value):
    """Every scalar and key of a value."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield name
            yield from scalars(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from scalars(entry)
    else:
        yield value


def is_json(value):
    """Whether JSON and YAML can hold it: no lone surrogate, nothing that is not finite."""
    for part in scalars(value):
        if isinstance(part, float) and not math.isfinite(part):
            return False
        if isinstance(part, str) and any("\ud800" <= char <= "\udfff" for char in part):
            return False
        if not isinstance(part, (str, int, float, bool, type(None))):
            return False
    return len(json.dumps(value)) < 5_000


def expected(layout, violation, request):
    """Where a violation stands, by what was noted while the text was written."""
    path = violation.path
    if violation.of_key:
        return layout.keys[path]
    value = request
    for segment in path[:-1]:
        value = value[segment]
    missing = isinstance(value, dict) and path and path[-1] not in value
    return layout.values[path[:-1] if missing else path]


def line_and_column(text, at):
    """Counted from the start, line end by line end."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def found_in(op, text, document):
    """What a checker finds in a document."""
    assert document.trouble == ()
    placing = FindingPlaces("x", Lines(text), document.places)
    return list(FileChecker(op, "wire").findings(document.value, placing))


READERS = {"json": JsonReader().read, "yaml": read_yaml}
LAYOUTS = {"json": JsonLayout, "yaml": YamlLayout}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_planted_violation_is_found_at_its_place(kind, name):
    """And nothing else is found."""
    op = operation(name)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(violating(op), st.integers(0, 2**32))
    def planted(case, seed):
        # Files and servers read null differently; other tests look at it.
        assume(is_json(case.request) and None not in list(scalars(case.request)))
        layout = LAYOUTS[kind](Random(seed).choice).write(case.request)
        document = READERS[kind](layout.text)
        assert document.value == case.request
        wanted = {(one.constraint, one.path): one for one in Validator(op).violations(case.request)}
        found = {(one.constraint, one.path): one for one in found_in(op, layout.text, document)}
        assert found.keys() == wanted.keys()
        assert case.constraint in {constraint for constraint, _ in wanted}
        for key, finding in found.items():
            span = finding.span
            assert (span.start, span.end) == expected(layout, wanted[key], case.request)
            assert (span.line, span.column) == line_and_column(layout.text, span.start)
            assert (span.end_line, span.end_column) == line_and_column(layout.text, span.end)

    planted()


@pytest.mark.parametrize("kind", READERS)
def test_every_part_of_a_conforming_request_has_its_place(kind):
    """Values and keys, at any depth."""
    op = operation(NAMES[0])

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(valid(op), st.integers(0, 2**32))
    def placed(request, seed):
        assume(is_json(request))
        layout = LAYOUTS[kind](Random(seed).choice).write(request)
        document = READERS[kind](layout.text)
        assert document.value == request
        for path, at in layout.values.items():
            assert document.places.value(path) == at, path
        for path, at in layout.keys.items():
            assert document.places.key(path) == at, path

    placed()
