"""NDJSON: one request per line, read in constant memory."""

from __future__ import annotations

import codecs
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from contract_kit.requestfile.document import Document, Trouble, unread
from contract_kit.requestfile.files import MOST, Kind, UnreadableFile
from contract_kit.requestfile.json_text import JsonReader, has_long_digits, has_plain_keys
from contract_kit.requestfile.text import decode

BLOCK = 1024 * 1024
"""Bytes that are read at once."""

Advance = Callable[[int, int], None]
"""Gets the bytes of a file that have been read so far, and their total; 0 if unknown."""


def blocks(file: BinaryIO, advance: Advance) -> Iterator[tuple[bytes, int]]:
    """Whole lines, many at once; with each the bytes of a line that was too long to be kept.

    Raises UnreadableFile.
    """
    read = getattr(file, "read1", file.read)
    kept: list[bytes] = []
    size = lost = 0
    while data := next_block(read):
        advance(*_progress(file))
        cut = data.rfind(b"\n") + 1
        if not cut:
            size += len(data)
            if size > MOST:
                kept, lost = [], size
            else:
                kept.append(data)
            continue
        if lost:
            # The rest of the long line goes where its beginning went.
            first = data.find(b"\n") + 1
            yield b"\n", lost + first
            whole = data[first:cut]
        else:
            whole = b"".join((*kept, data[:cut]))
        if whole:
            yield whole, 0
        kept, size, lost = [data[cut:]], len(data) - cut, 0
    if lost:
        yield b"\n", lost
    elif size:
        yield b"".join(kept), 0


class Replay:
    """A file of which the beginning has been looked at already, and is read again first."""

    def __init__(self, first: bytes, file: BinaryIO) -> None:
        self._first = first
        self._read = getattr(file, "read1", file.read)
        self._all = file.read
        self.fileno = file.fileno

    def read1(self, size: int) -> bytes:
        """The next bytes: first those that were looked at."""
        first, self._first = self._first, b""
        return first or self._read(size)

    def read(self, size: int) -> bytes:
        """So many bytes, or all that there are."""
        first, self._first = self._first, b""
        return first + self._all(max(size - len(first), 0))


def recognised(file: BinaryIO) -> tuple[Kind, BinaryIO]:
    """The format of a file by its content, and the file, to be read from its start."""
    first = next_block(getattr(file, "read1", file.read))
    return kind_of_text(first), cast(BinaryIO, Replay(first, file))


def kind_of_text(first: bytes) -> Kind:
    """The format of a text by its first block: whether its first line is a JSON value by itself."""
    line, end, _ = without_mark(first).lstrip(b" \t\r\n").partition(b"\n")
    if not line.startswith((b"{", b"[")):
        return "yaml"
    document = read_line(JsonReader(), line)[1]
    return "ndjson" if end and document.places is not None else "json"


def next_block(read: Callable[[int], bytes]) -> bytes:
    """The next block of a file; raises UnreadableFile where there is none to be had."""
    try:
        return read(BLOCK)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"cannot be read to its end: {error}; create it again") from None


def _progress(file: BinaryIO) -> tuple[int, int]:
    """Bytes of the file itself that have been read, packed ones if it is packed; and its size."""
    try:
        handle = file.fileno()
        return os.lseek(handle, 0, os.SEEK_CUR), os.fstat(handle).st_size
    except OSError:
        return 0, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines without their ends: as text, or as bytes if some of them are not UTF-8.

    long_digits: an integer of over 308 digits may be among them. plain_keys: see `has_plain_keys`.
    """

    lines: Sequence[str | bytes]
    long_digits: bool
    plain_keys: bool


def read_block(block: bytes) -> Block:
    """The lines of a block."""
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return Block(lines=block.split(b"\n"), long_digits=True, plain_keys=False)
    lines = (text.replace("\r\n", "\n") if "\r" in text else text).split("\n")
    return Block(lines=lines, long_digits=has_long_digits(text), plain_keys=has_plain_keys(text))


def read_line(reader: JsonReader, line: str | bytes) -> tuple[str, Document]:
    """A line that the scanner alone could not read, as text and document. Raises UnreadableFile."""
    trouble: Trouble | None = None
    if isinstance(line, bytes):
        line, trouble = decode(line)
    if trouble is not None:
        return line, unread(trouble)
    return line, reader.read_bounded(line)


def without_mark(block: bytes) -> bytes:
    """The first block of a file, without its byte-order mark."""
    return block.removeprefix(codecs.BOM_UTF8)
