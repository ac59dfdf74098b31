"""Documents that are wrong, or unusual, below the level of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_kit.wire.message import Expectation, Message, RawProbe

_ENTITY = b"<!DOCTYPE x [<!ENTITY e 'contract-kit'>]>"
_OUTSIDE = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///contract-kit/no-such-file'>]>"


def malformed_documents(good: Message) -> Iterator[RawProbe]:
    """All of them. good: the encoded request, which a correct server accepts."""
    body = good.body
    end = body.rfind(b"</")
    same = {
        "declaration": b'<?xml version="1.0" encoding="UTF-8"?>' + body,
        "comment": body[:end] + b"<!-- contract-kit -->" + body[end:] if end > 0 else b"",
        "trailing-newline": body + b"\n",
    }
    for slug, content in same.items():
        if content:
            yield _probe(good, slug, "wire.syntax", content, "accept")
    wrong = {
        "truncated": body[: max(1, len(body) - 2)],
        "no-xml": b"contract-kit",
        "end-tag-missing": body[:end] if end > 0 else b"<contract-kit>",
        "trailing-garbage": body + b"<contract-kit>",
        "json": b'{"contractKit":1}',
    }
    for slug, content in wrong.items():
        yield _probe(good, slug, "wire.syntax", content, "reject")
    odd = {
        "unknown-element": _with_first(body, b"<ContractKitUnknown>1</ContractKitUnknown>"),
        "other-root": b"<ContractKitUnknown/>",
        "declared-entity": _ENTITY + body,
        "entity-outside": _OUTSIDE + body,
        "byte-order-mark": b"\xef\xbb\xbf" + body,
    }
    for slug, content in odd.items():
        yield _probe(good, slug, "wire.syntax", content, "any")
    yield _probe(good, "invalid-utf-8", "wire.encoding", _with_first(body, b"<a>\xff</a>"), "any")
    deep = b"<a>" * 200 + b"</a>" * 200
    yield _probe(good, "deep", "wire.limits", _with_first(body, deep), "any")


def _with_first(body: bytes, element: bytes) -> bytes:
    """A document with one more element as the first child of its root."""
    at = body.find(b">")
    if body[at - 1 : at] == b"/":
        return body
    return body[: at + 1] + element + body[at + 1 :]


def _probe(
    good: Message, slug: str, constraint: str, body: bytes, expects: Expectation
) -> RawProbe:
    return RawProbe(
        slug=slug, constraint=constraint, message=replace(good, body=body), expects=expects
    )
