"""Messages and replies as frozen data."""

from __future__ import annotations

import pytest

from contract_kit.wire.message import Message, Reply


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        ("new", (("A", "1"), ("x-TARGET", "new"))),
        ("", (("A", "1"), ("x-TARGET", ""))),
        (None, (("A", "1"),)),
    ],
)
def test_a_header_is_set_anew_or_left_out(value, headers):
    """Names are compared without case, an empty value is a value, and the first message stays."""
    message = Message(headers=(("X-Target", "old"), ("A", "1"), ("x-target", "again")))
    assert message.with_header("x-TARGET", value).headers == headers
    assert message.headers[0] == ("X-Target", "old")


def test_the_first_header_of_a_name_in_any_case_is_read():
    """A reply may repeat a header."""
    reply = Reply(headers=(("Retry-After", "1"), ("retry-after", "2")))
    assert reply.header("RETRY-AFTER") == "1"
    assert reply.header("Date") is None
