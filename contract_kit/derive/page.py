"""Reads one page of an AWS API reference, saved as text, into the facts that it documents.

All pages share a layout: a title `Name - Service API`, then headed sections. A section of members
gives each as a line with its name alone, prose, then labelled facts. Blank lines, and blanks around
a line, mean nothing; only a pattern owns its blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, NoReturn

from contract_kit.contract.shape import Json
from contract_kit.derive.page_labels import ERROR_LABELS, LABELS, UNREAD, Labels
from contract_kit.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Limits of one kind of value, all inclusive. None and the empty tuple: the page names none.

    min_length, max_length: characters, of a blob bytes. values: the enum, in page order.
    pattern: as the page writes it, anchors included.
    """

    min_length: int | None = None
    max_length: int | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMember(PageFacts):
    """A member of a request, a response or a data type.

    documentation: the prose, one paragraph a line. type: the words after `Type:`; empty for a URI
    parameter, whose type no page states. target: the data type in those words, also of items and
    map values. is_array: min_items and max_items speak of the array itself, and length, range,
    values and pattern of its items, as AWS lays it out. min_entries, max_entries: of a map;
    key, value: limits of its keys and its values. required: None where the page does not say.
    union: one member of the target at a time. line: of the name, from 1.
    """

    name: str
    documentation: str
    type: str = ""
    target: str | None = None
    is_array: bool = False
    min_items: int | None = None
    max_items: int | None = None
    min_entries: int | None = None
    max_entries: int | None = None
    key: PageFacts = PageFacts()
    value: PageFacts = PageFacts()
    required: bool | None = None
    union: bool = False
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageError:
    """An error of an operation. status: HTTP status code. line: of the name, from 1."""

    name: str
    documentation: str
    status: int | None = None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The facts of one page. union: the data type itself takes one member at a time."""

    name: str
    service_title: str
    kind: Literal["operation", "data type"]
    members: tuple[PageMember, ...]
    response: tuple[PageMember, ...]
    errors: tuple[PageError, ...]
    success_status: int | None
    union: bool


class _Line(NamedTuple):
    number: int
    raw: str
    text: str


@dataclass(slots=True)
class _Entry:
    """A member or an error while its lines are read. facts: its own, of its keys, its values."""

    name: str
    line: int
    prose: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    facts: dict[str, Json] = field(default_factory=lambda: {"": {}, "Key": {}, "Value": {}})


_TYPED = ("Request Parameters", "Request Body", "Response Elements", "Contents")
_INPUT = ("URI Request Parameters", "Request Parameters", "Request Body", "Contents")
_OPERATION = {*_TYPED[:3], "URI Request Parameters", "Request Syntax", "Response Syntax", "Errors"}
_HEADINGS = {*_OPERATION, "Contents", "Example", "Examples", "See Also"}
_TITLE_EXPECTED = "expected a title such as 'StartArchiveExport - Amazon SES Mail Manager API'"
_NAME = re.compile(r"[A-Za-z_](?:[\w.-]*\w)?", re.ASCII)
_ERROR_NAME = re.compile(r"[A-Z]\w*(?:Error|Exception|Failure|Fault)", re.ASCII)
_NO_NAME = re.compile("(?!)")
_SUCCESS = re.compile("sends back an HTTP ([1-5][0-9]{2}) response")
_ADMONITION = re.compile("(?:Caution|Important|Note|Tip|Warning):?")
_ONE = r"Only one member of this object can be specified or returned\.?"
_UNION = re.compile(
    rf"(?:(?:Note|Important):? )?(?:{_ONE}"
    rf"|This (?:object|data type) is a union(?:\.?|\. {_ONE}|, so only one\b.*))",
    re.IGNORECASE,
)


def read_page(text: str, *, source: str = "page") -> Page:
    """The facts of one page; `source` names it in messages.

    Raises SourceError, `source:line: problem, expectation`, for text that is not such a page and
    for a constraint that cannot be read.
    """
    lines = _lines(text)
    title = re.fullmatch(rf"({_NAME.pattern}) - (.+)", lines[0].text, re.ASCII) if lines else None
    if not title:
        found = f"{lines[0].text[:60]!r} is not a title" if lines else "the page is empty"
        _fail(source, lines[0].number if lines else 1, f"{found}, {_TITLE_EXPECTED}")
    sections = _sections(lines)
    if not sections.keys() & {*_OPERATION, "Contents"}:
        known = ", ".join(sorted({*_OPERATION, "Contents"}))
        _fail(source, lines[-1].number, f"no known section, expected one of {known}")
    members = tuple(one for section in _INPUT for one in _members(source, sections, section))
    response = sections.get("Response Elements", [])
    success = next(filter(None, (_SUCCESS.search(line.text) for line in response)), None)
    is_operation = bool(sections.keys() & _OPERATION)
    before = (line for line in lines if not members or line.number < members[0].line)
    return Page(
        name=title[1],
        service_title=title[2],
        kind="operation" if is_operation else "data type",
        members=members,
        response=tuple(_members(source, sections, "Response Elements")),
        errors=tuple(_errors(source, sections.get("Errors", []))),
        success_status=int(success[1]) if success else None,
        union=not is_operation and any(_UNION.fullmatch(line.text) for line in before),
    )


def _fail(source: str, line: int, problem: str) -> NoReturn:
    raise SourceError(f"{source}:{line}: {problem}") from None


def _clean(text: str) -> str:
    return " ".join(re.sub("[\u200b\ufeff]", "", text).split())


def _lines(text: str) -> list[_Line]:
    """The lines that are not blank. Only CR and LF end one: a pattern may hold other breaks."""
    rows = enumerate(re.split("\r\n|\r|\n", text), 1)
    return [_Line(number, row, _clean(row)) for number, row in rows if _clean(row)]


def _sections(lines: list[_Line]) -> dict[str, list[_Line]]:
    sections: dict[str, list[_Line]] = {}
    heading = ""
    for index, line in enumerate(lines):
        if line.text in _HEADINGS and _is_heading(heading, lines[index:]):
            heading = line.text
            sections.setdefault(heading, [])
        elif heading:
            sections[heading].append(line)
    return sections


def _is_heading(current: str, lines: list[_Line]) -> bool:
    """Whether the first line is a heading: members are called `Errors` and `Contents` too."""
    text = lines[0].text
    if " " in text or current not in _TYPED:
        return True
    for line in lines[1:]:
        if line.text.startswith("HTTP Status Code:") or (
            " " in line.text and line.text in _HEADINGS
        ):
            break
        if _label(line, LABELS):
            return False
    return text != "Contents"


def _members(source: str, sections: dict[str, list[_Line]], section: str) -> Iterator[PageMember]:
    names = _NO_NAME
    if section not in _TYPED:
        # An optional URI parameter may state no fact at all: the syntax separates names from prose.
        syntax = " ".join(line.text for line in sections.get("Request Syntax", []))
        names = re.compile("|".join(map(re.escape, _NAME.findall(syntax))) or _NAME.pattern)
    seen = set[str]()
    for entry in _entries(source, sections.get(section, []), LABELS, names):
        if section in _TYPED and "Type" not in entry.labels:
            _fail(source, entry.line, f"{entry.name!r} has no type, expected a line 'Type: String'")
        if entry.name in seen:
            _fail(source, entry.line, f"{entry.name!r} occurs twice in {section}, expected once")
        seen.add(entry.name)
        yield PageMember(
            name=entry.name,
            documentation="\n".join(entry.prose),
            key=PageFacts(**entry.facts["Key"]),
            value=PageFacts(**entry.facts["Value"]),
            line=entry.line,
            **entry.facts[""],
        )


def _errors(source: str, lines: list[_Line]) -> Iterator[PageError]:
    for entry in _entries(source, lines, ERROR_LABELS, _ERROR_NAME):
        prose = "\n".join(entry.prose)
        yield PageError(name=entry.name, documentation=prose, line=entry.line, **entry.facts[""])


def _entries(
    source: str, lines: list[_Line], labels: Labels, names: re.Pattern[str]
) -> list[_Entry]:
    """Members or errors of a section. names: texts that start one while the last is incomplete."""
    entries: list[_Entry] = []
    index = 0
    while index < len(lines):
        line, label = lines[index], _label(lines[index], labels)
        last = entries[-1] if entries else None
        if label:
            if not last:
                _fail(source, line.number, f"{label} of nothing, expected a name above it")
            index = _add_fact(source, lines, index, labels, last)
            continue
        if _UNION.fullmatch(line.text):
            if last and labels is LABELS:
                last.facts[""]["union"] = True
        elif not _is_note(lines[index:]):
            early = names.fullmatch(line.text) and all(line.text != one.name for one in entries)
            complete = not last or last.labels & {"Type", "Required", "HTTP Status Code"}
            if _NAME.fullmatch(line.text) and (early or complete):
                entries.append(_Entry(line.text, line.number))
            elif last:
                _add_prose(source, line, last)
        index += 1
    return entries


def _is_note(lines: list[_Line]) -> bool:
    """Whether the first line is the head of a note: members are called `Note` and `Warning` too."""
    if not _ADMONITION.fullmatch(lines[0].text):
        return False
    below = (
        "fact" if _label(line, LABELS) else "other"
        for line in lines[1:]
        if _label(line, LABELS) or _UNION.fullmatch(line.text) or _NAME.fullmatch(line.text)
    )
    return next(below, "") == "other"


def _add_prose(source: str, line: _Line, entry: _Entry) -> None:
    if UNREAD.fullmatch(line.text):
        _fail(source, line.number, f"{line.text[:80]!r} cannot be read, expected a known label")
    if "Type" in entry.labels and not re.match(r"[A-Z][\w ]*:( |$)", line.text):
        # Prose comes before the type; this may be the rest of a broken pattern or enum, or a name.
        problem = f"{line.text[:80]!r} after the type of {entry.name!r}"
        _fail(source, line.number, f"{problem}, expected a label or the next name")
    entry.prose.append(line.text)


def _add_fact(source: str, lines: list[_Line], index: int, labels: Labels, entry: _Entry) -> int:
    """Reads a label and its value, which may be on the next line; the index after both."""
    line, label = lines[index], _label(lines[index], labels)
    if label in entry.labels:
        problem = f"{label} occurs twice for {entry.name!r}, expected once"
        _fail(source, line.number, f"{problem}; is a name missing above it?")
    entry.labels.add(label)
    # One blank belongs to the label, all others to a pattern.
    value = re.sub(r"^\s", "", line.raw.partition(":")[2])
    index += 1
    if not _clean(value) and index < len(lines) and not _label(lines[index], labels):
        value = lines[index].raw.lstrip()
        index += 1
    read, example = labels[label]
    try:
        fact = read(value if label.endswith("Pattern") else _clean(value))
    except (KeyError, ValueError):
        problem = f"{label}: {_clean(value)[:80]!r} cannot be understood"
        _fail(source, line.number, f"{problem}, expected, for example, {example!r}")
    owner = "Key" if label == "Valid Keys" else label.partition(" ")[0]
    entry.facts[owner if owner in entry.facts else ""].update(fact)
    return index


def _label(line: _Line, labels: Labels) -> str:
    """The known label that a line starts with, or an empty string."""
    label, colon, _ = line.text.partition(":")
    return label.rstrip() if colon and label.rstrip() in labels else ""
