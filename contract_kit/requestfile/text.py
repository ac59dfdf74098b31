"""Bytes → text, and places in it as lines and columns."""

from __future__ import annotations

import bisect
import codecs
import re
from typing import TYPE_CHECKING

from contract_kit.requestfile.document import Stretch, Trouble

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import Span

SHOWN_LINE = 120
"""Code points of a source line that an excerpt shows at most."""

FEW_PLACES = 8
"""Places of one text that are looked for one by one."""

_LINE_END = re.compile(r"\r\n|\n|\r")

_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


MARKED = Trouble(
    rule="file.encoding",
    at=(0, 1),
    message="AWS CLI refuses a byte-order mark in JSON; save the file as UTF-8 without one",
)
"""The error of a mark that `decode` leaves out, if AWS CLI reads the file as JSON."""


def decode(data: bytes) -> tuple[str, Trouble | None]:
    """The text of a file, without its byte-order mark; and what is wrong with the bytes.

    The text has all positions, even where bytes that are not UTF-8 are replaced in it.
    """
    wide = next((name for mark, name in _WIDE if data.startswith(mark)), None)
    if wide is None and b"\0" in data[:4]:
        wide = "UTF-16"
    if wide is not None:
        message = f"the file is {wide} or binary; save it as UTF-8"
        return "", Trouble(rule="file.encoding", at=(0, 0), message=message)
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = len(data[: error.start].decode())
        wrong = data[error.start]
        message = f"byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8"
        trouble = Trouble(rule="file.encoding", at=(at, at + 1), message=message)
        return data.decode(errors="replace"), trouble
    nul = text.find("\0")
    if nul < 0:
        return text, None
    message = "the file is binary: it contains a NUL byte; give a text file"
    return text, Trouble(rule="file.encoding", at=(nul, nul + 1), message=message)


class Lines:
    """Lines and columns of one text. Lines end with LF, CRLF or CR, as editors read them.

    offset: lines before the text, for a text that is one line of a stream.
    """

    __slots__ = ("_asked", "_last", "_offset", "_starts", "_with_cr", "text")

    def __init__(self, text: str, *, offset: int = 0) -> None:
        self.text = text
        self._offset = offset
        self._with_cr = "\r" in text
        self._last = (0, 0)
        self._asked = 0
        self._starts: list[int] = []

    @property
    def size(self) -> int:
        """Code points of the text."""
        return len(self.text)

    def span(self, at: Stretch) -> Span:
        """A stretch as lines and columns."""
        from contract_kit.requestfile.finding import Span

        start, end = at
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end))
        return Span(
            line=line + self._offset,
            column=column,
            end_line=end_line + self._offset,
            end_column=end_column,
            start=start,
            end=end,
        )

    def _place(self, at: int) -> tuple[int, int]:
        """Line and column, counted from 1; goes on from the last place asked for."""
        if self._with_cr and at and self.text.startswith("\r\n", at - 1):
            at -= 1  # never inside a line end
        self._asked += 1
        if self._asked > FEW_PLACES:
            number = bisect.bisect_right(self._known_starts(), at)
            return number, at - self._known_starts()[number - 1] + 1
        since, breaks = self._last if self._last[0] <= at else (0, 0)
        breaks += self.text.count("\n", since, at)
        if self._with_cr:
            breaks += self.text.count("\r", since, at) - self.text.count("\r\n", since, at)
        self._last = (at, breaks)
        return breaks + 1, at - self._line_start(at) + 1

    def _known_starts(self) -> list[int]:
        """Where all lines start: looking for that again and again takes long in large texts."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    def _line_start(self, at: int) -> int:
        if self._asked > FEW_PLACES:
            starts = self._known_starts()
            return starts[bisect.bisect_right(starts, at) - 1]
        start = self.text.rfind("\n", 0, at)
        if self._with_cr:
            start = max(start, self.text.rfind("\r", 0, at))
        return start + 1

    def excerpt(self, at: Stretch) -> tuple[str, tuple[int, int]]:
        """The line in which a stretch starts, or the part around it; and the mark in that."""
        start, end = at
        first = self._line_start(start)
        last = self._line_end(start)
        end = min(max(end, start), last)
        if last - first > SHOWN_LINE:
            first = max(first, min(start - SHOWN_LINE // 3, last - SHOWN_LINE))
            last = min(last, first + SHOWN_LINE)
        return self.text[first:last], (start - first, max(min(end, last) - start, 1))

    def _line_end(self, at: int) -> int:
        if self._asked > FEW_PLACES:
            starts = self._known_starts()
            number = bisect.bisect_right(starts, at)
            if number == len(starts):
                return len(self.text)
            end = starts[number] - 1
            return end - self.text.startswith("\r\n", end - 1) if end > at else at
        ends = [self.text.find("\n", at)]
        if self._with_cr:
            ends.append(self.text.find("\r", at))
        return min((end for end in ends if end >= 0), default=len(self.text))
