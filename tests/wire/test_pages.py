"""What replies say that are no messages of the protocol."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.wire.message import Reply
from contract_kit.wire.pages import gist
from contract_kit.wire.table import wire_of

PAGE = b"""<!doctype html>
<html lang=en>
<title>500 Internal Server Error</title>
<h1>Internal Server Error</h1>
<p>The server encountered an internal error &amp; gave up.</p>
"""


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (PAGE, "The server encountered an internal error & gave up."),
        (b"<html><head><style>p {}</style></head><body><h1>Bad Gateway</h1></body>", "Bad Gateway"),
        (b"<html><body></body></html>", ""),
        (b"KeyError: 'Name'", "KeyError: 'Name'"),
        (b"<Error><Code>x</Code></Error>", "<Error><Code>x</Code></Error>"),
        (b"", ""),
    ],
)
def test_a_page_is_shown_by_its_first_text(body, shown):
    """Its title and its headings say no more than the status does."""
    assert gist(Reply(status=500, body=body)) == shown


def test_a_crash_is_told_in_one_line():
    """The status, and what the page says."""
    op = operation("ssm:GetParameter")
    answer = wire_of(op).decode(Reply(status=500, body=PAGE))
    assert answer.text == "HTTP 500: The server encountered an internal error & gave up."
    assert wire_of(op).decode(Reply(status=500)).text == "HTTP 500"
