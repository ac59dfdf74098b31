"""Bodies that come encoded, though nobody asked for that."""

from __future__ import annotations

import zlib
from dataclasses import replace

from contract_kit.target import failures
from contract_kit.target.failures import TooLongError, too_long
from contract_kit.wire.message import Reply

ENCODINGS = ("gzip", "x-gzip", "deflate")
"""Those that are undone, once: clients decode what a reply announces."""


def decoded(reply: Reply, most: int | None = None) -> Reply:
    """The reply with its body decoded, and no longer called encoded.

    most: bytes that it may have then, by default those of a reply to a message without a body.
    """
    if most is None:
        most = failures.MAX_REPLY
    encoding = (reply.header("content-encoding") or "").strip().lower()
    if encoding not in ENCODINGS:
        return reply
    try:
        kept = tuple(pair for pair in reply.headers if pair[0].lower() != "content-encoding")
        body = inflated(reply.body, most)
        return replace(reply, body=body, headers=kept, encoded_crc32=zlib.crc32(reply.body))
    except TooLongError:
        return replace(too_long(most), stray=reply.stray)
    except zlib.error as error:
        detail = f"the body is not {encoding}: {error}"
        return Reply(failure="not-http", detail=detail, stray=reply.stray)


def inflated(body: bytes, most: int) -> bytes:
    """A body of gzip or deflate, of at most `most` bytes; raises TooLongError or zlib.error."""
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        engine = zlib.decompressobj(bits)
        try:
            found = engine.decompress(body, most + 1)
        except zlib.error:
            # Some send deflate without the header that belongs to it.
            continue
        if len(found) > most:
            raise TooLongError
        if not engine.eof:
            raise zlib.error("it ends too early")
        return found
    raise zlib.error("it cannot be read")
