"""The text in the body of a reply that is not a message of the protocol."""

from __future__ import annotations

import html
import re

from contract_kit.wire.message import Reply

LONGEST = 200
"""Characters that are shown of it."""

_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|title|h\d)\b", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]*>.*?(?:</title\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h\d[^>]*>.*?</h\d\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def gist(reply: Reply) -> str:
    """The beginning of a body; of an HTML page the first text but the heading of its status."""
    text = reply.body[: LONGEST * 20].decode("utf-8", "replace")
    if not _PAGE.match(text):
        return text[:LONGEST]
    page = _UNSEEN.sub(" ", text)
    untitled = _TITLE.sub(" ", page)
    for left in (_HEADING.sub(" ", untitled), untitled, page):
        words = " ".join(html.unescape(_TAG.sub(" ", left)).split())
        if words:
            return words[:LONGEST]
    return ""
