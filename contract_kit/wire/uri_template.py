"""Paths with labels, such as `/2015-03-31/functions/{FunctionName}?Qualifier`.

Facts: Smithy specification, "HTTP binding traits".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from contract_kit.errors import NotExpressible

_LABEL = re.compile(r"\{([^{}+]+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class UriTemplate:
    """A path with labels, and the query that always goes with it.

    parts: of the path: literal text, or (name of a label, whether it may hold slashes).
    """

    parts: tuple[str | tuple[str, bool], ...]
    query: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels, from left to right."""
        return tuple(part[0] for part in self.parts if isinstance(part, tuple))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the encoded path of every such request; a group per label."""
        return _pattern(self)

    def expand(self, texts: dict[str, str]) -> str:
        """The encoded path with a text for each label; raises NotExpressible for an empty one.

        >>> uri_template("/things/{Name}/{Key+}").expand({"Name": "a b/c", "Key": "d/e"})
        '/things/a%20b%2Fc/d/e'
        """
        found = []
        for part in self.parts:
            if isinstance(part, str):
                found.append(part)
                continue
            name, greedy = part
            if not texts.get(name):
                raise NotExpressible(f"a path without {name} is that of another operation")
            found.append(percent_encoded(texts[name], "/" if greedy else ""))
        return "".join(found)

    def texts(self, path: str) -> dict[str, str] | None:
        """The text of each label in an encoded path; None where it is another path.

        Raises UnicodeDecodeError for a label that is not UTF-8.
        """
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        decoded = (unquote_to_bytes(text).decode() for text in found.groups())
        return dict(zip(self.labels, decoded, strict=True))


@functools.lru_cache(maxsize=1024)
def uri_template(text: str) -> UriTemplate:
    """The template that a model writes as text."""
    path, _, query = text.partition("?")
    parts: list[str | tuple[str, bool]] = []
    end = 0
    for found in _LABEL.finditer(path):
        parts.append(path[end : found.start()])
        parts.append((found[1], bool(found[2])))
        end = found.end()
    parts.append(path[end:])
    return UriTemplate(parts=tuple(part for part in parts if part), query=query)


@functools.lru_cache(maxsize=1024)
def _pattern(template: UriTemplate) -> re.Pattern[str]:
    groups = {True: "(.+)", False: "([^/]+)"}
    text = "".join(
        re.escape(part) if isinstance(part, str) else groups[part[1]] for part in template.parts
    )
    return re.compile(text, re.DOTALL)


def percent_encoded(text: str, safe: str = "") -> str:
    """A text in a URL: everything but unreserved characters, and those in `safe`, is escaped."""
    return quote(text, safe=f"-_.~{safe}", errors="surrogatepass")
