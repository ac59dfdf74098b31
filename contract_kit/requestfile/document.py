"""`Document`: the value of one text, the trouble with it, and the places of its parts.

Named tuples, here and in other modules of which every check needs one: a frozen dataclass takes ten
times as long to make, and a dozen of them a tenth of a check of one small file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from contract_kit.contract.shape import Json

if TYPE_CHECKING:
    from contract_kit.requestfile.interface import Places

Stretch = tuple[int, int]
"""Start and end of a piece of text, in code points; the end is exclusive."""


class Trouble(NamedTuple):
    """An error in a text itself. rule: one of `FILE_RULES`. related: other places."""

    rule: str
    at: Stretch
    message: str
    related: tuple[tuple[Stretch, str], ...] = ()


class Document(NamedTuple):
    """One text, read. places is None where the text has no value: trouble says why.

    schema: what a comment names as the schema of the document; empty where none does.
    marked: a byte-order mark precedes the text.
    """

    value: Json
    places: Places | None
    trouble: tuple[Trouble, ...] = ()
    schema: str = ""
    marked: bool = False


def unread(trouble: Trouble) -> Document:
    """The document of a text that has no value."""
    return Document(value=None, places=None, trouble=(trouble,))
