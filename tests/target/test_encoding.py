"""Bodies that come encoded: read as clients read them, as far as memory allows."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from contract_kit.target import failures
from contract_kit.target.encoding import decoded, inflated
from contract_kit.wire.message import Reply

from ..fuzz.hostile import bomb


def said(body, encoding):
    """A reply in an encoding."""
    return Reply(status=200, headers=(("Content-Encoding", encoding),), body=body)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"{}", mtime=0), "gzip"),
        (gzip.compress(b"{}", mtime=0), " X-GZIP "),
        (zlib.compress(b"{}"), "deflate"),
        (zlib.compress(b"{}")[2:-4], "deflate"),
        (b"{}", "identity"),
        (b"{}", ""),
    ],
)
def test_one_layer_is_undone(body, encoding):
    """Both forms of deflate are in use."""
    assert decoded(said(body, encoding)).body == b"{}"


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "gzip, deflate", "zstd"])
def test_what_nobody_asked_for_and_few_can_read_is_left(encoding):
    """Layers upon layers could be worked at for ever."""
    assert decoded(said(b"x", encoding)).body == b"x"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"\xff\xff", "the body is not gzip: it cannot be read"),
        (b"", "the body is not gzip: it ends too early"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:-9], "the body is not gzip: it ends too early"),
    ],
)
def test_what_is_not_so_encoded_is_no_reply(body, detail):
    """No client could read it."""
    reply = decoded(said(body, "gzip"))
    assert (reply.failure, reply.detail) == ("not-http", detail)


def test_a_bomb_is_cut_before_it_goes_off(monkeypatch):
    """A gigabyte of zeros in a megabyte."""
    reply = said(bomb(1024), "gzip")
    monkeypatch.setattr(failures, "MAX_REPLY", 2**20)
    tracemalloc.start()
    reply = decoded(reply)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reply.failure == "too-large"
    assert peak < 4 * 2**20


def test_the_limit_is_inclusive():
    """To the byte."""
    assert len(inflated(gzip.compress(bytes(1000)), 1000)) == 1000
    with pytest.raises(failures.TooLongError):
        inflated(gzip.compress(bytes(1001)), 1000)


def test_what_is_decoded_is_no_longer_called_encoded():
    """Whoever passes the reply on would have it decoded twice."""
    headers = (("Content-Encoding", "gzip"), ("X-A", "1"))
    reply = decoded(Reply(status=200, headers=headers, body=gzip.compress(b"{}")))
    assert (reply.headers, reply.body) == ((("X-A", "1"),), b"{}")
    assert decoded(reply) == reply
