"""`FindingPlaces`: the places in a file of what a request holds, and findings made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from contract_kit.contract.shape import Path
from contract_kit.requestfile.document import Stretch, Trouble
from contract_kit.requestfile.finding import FileFinding, Fix, Severity, Span
from contract_kit.requestfile.text import Lines
from contract_kit.text.near import meant
from contract_kit.validate.violation import printable

if TYPE_CHECKING:
    from contract_kit.requestfile.interface import Places


MOST_USES = 10
"""Places that are reported of a value that aliases use again and again."""


class FindingPlaces:
    """The places of one request. root: its path in the document, for one inside an envelope."""

    __slots__ = ("_aliases", "_file", "_lines", "_places", "_root")

    def __init__(self, file: str, lines: Lines, places: Places | None, root: Path = ()) -> None:
        self._file = file
        self._lines = lines
        self._places = places
        self._root = root
        self._aliases: Mapping[str, str] = {}

    def aliased(self, aliases: Mapping[str, str]) -> FindingPlaces:
        """The same places for a request whose members have other names."""
        placing = FindingPlaces(self._file, self._lines, self._places, self._root)
        placing._aliases = aliases
        return placing

    def value(self, path: Path) -> Stretch:
        """The place of a value; for one that the text does not have, of the value around it."""
        return self._look_up(path, key=False)

    def key(self, path: Path) -> Stretch:
        """The place of the key that a path ends with."""
        return self._look_up(path, key=True)

    def _look_up(self, path: Path, *, key: bool) -> Stretch:
        if self._places is None:
            return 0, 0
        path = (*self._root, *self._as_written(path))
        while True:
            try:
                return self._places.key(path) if key else self._places.value(path)
            except (KeyError, IndexError):
                # The path names a missing value, or a key that is not text.
                key, path = False, path[:-1]

    def _as_written(self, path: Path) -> Path:
        """A path by the names in the text."""
        return (self._aliases.get(str(path[0]), path[0]), *path[1:]) if path else path

    def fix(self, at: Stretch, word: str, *, safe: bool) -> Fix:
        """A fix that replaces a word by another in the same quotes."""
        text = self._places.key_text(word, at) if self._places else word
        hint = meant(printable(word))
        return Fix(span=self._lines.span(at), replacement=text, hint=hint, safe=safe)

    def source(self, at: Stretch) -> str:
        """The text of a stretch."""
        return self._lines.text[slice(*at)]

    def span(self, at: Stretch) -> Span:
        """A stretch as lines and columns."""
        return self._lines.span(at)

    def finding(
        self,
        constraint: str,
        at: Stretch,
        message: str,
        *,
        severity: Severity = "error",
        path: Path = (),
        operation: str = "",
        limit: str = "",
        origins: tuple[str, ...] = (),
        value: str = "",
        fix: Fix | None = None,
        related: tuple[tuple[Stretch, str], ...] = (),
        hidden: bool = False,
    ) -> FileFinding:
        """A finding at a stretch. hidden: its source line is not shown."""
        excerpt, mark = ("", (0, 0)) if hidden else self._lines.excerpt(at)
        return FileFinding(
            file=self._file,
            span=self._lines.span(at),
            constraint=constraint,
            message=message,
            severity=severity,
            path=path,
            operation=operation,
            limit=limit,
            origins=origins,
            value=value,
            fix=fix,
            related=tuple((self._lines.span(place), text) for place, text in related),
            excerpt=excerpt,
            mark=mark,
        )

    def once(self, found: Iterable[FileFinding]) -> list[FileFinding]:
        """The findings, each once: a value at an anchor is wrong wherever an alias uses it.

        The places of further uses are reported with the first.
        """
        kept: dict[tuple[int, int, str], FileFinding] = {}
        for finding in found:
            span = finding.span
            key = (span.start, span.end, finding.message)
            first = kept.setdefault(key, finding)
            if first is not finding:
                kept[key] = self._used_too(first, finding)
        return list(kept.values())

    def _used_too(self, first: FileFinding, again: FileFinding) -> FileFinding:
        alias = self._places.alias((*self._root, *again.path)) if self._places else None
        if alias is None or len(first.related) >= MOST_USES:
            return first
        span = self._lines.span(alias)
        if span in [other for other, _ in first.related]:
            return first
        breaks = again.constraint != first.constraint
        words = f", where it breaks {again.constraint}" if breaks else ""
        return first._replace(related=(*first.related, (span, f"used here as well{words}")))

    def trouble(self, trouble: Trouble) -> FileFinding:
        """The finding for an error in the text itself."""
        return self.finding(
            trouble.rule, trouble.at, printable(trouble.message), related=trouble.related
        )
