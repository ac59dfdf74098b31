"""Bodies that are wrong, or unusual, below the level of values: JSON.

Each starts from a message that a correct server carries out and changes one thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.wire.json_bodies import (
    LONG_INTEGER,
    duplicated,
    extra,
    limit_bodies,
    malformed_bodies,
    thousand,
    undecodable_bodies,
    unusual_bodies,
)
from contract_kit.wire.message import Expectation, Family, Message, RawProbe

NUMBER_SPELLINGS: dict[str, dict[str, tuple[str, Expectation]]] = {
    "integer": {
        "with-5000-digits": (LONG_INTEGER, "reject"),
        "beyond-double": ("1e400", "reject"),
        "exponent": ("1e2", "any"),
    },
    "timestamp": {
        "with-5000-digits": (LONG_INTEGER, "any"),
        # An integer that a parser takes, and that no double can hold.
        "with-400-digits": ("9" * 400, "any"),
        "beyond-double": ("1e400", "any"),
    },
}
NUMBER_SPELLINGS["long"] = NUMBER_SPELLINGS["integer"]
"""Spellings of a number in JSON text, by the type of its member.

No source promises that an integer in exponent form is taken, nor what becomes of times that
no calendar holds.
"""


def body_probes(
    operation: Operation, good: Message, request: Json, smallest: Json
) -> Iterator[RawProbe]:
    """All probes of a body. good: the encoded request, which a correct server accepts.

    smallest: the good request with required members only.
    """
    text = good.body.decode()
    required = any(member.required for member in operation.shapes[operation.input].members)
    yield from syntax(good, text, request, required=required)
    yield from body_types(good, text)
    yield from hard_to_read(good, text)
    yield line_comment(good, smallest)
    yield from number_probes(operation, good, request)


def _with_body(
    good: Message,
    slug: str,
    constraint: str,
    content: str | bytes,
    expects: Expectation = "reject",
    family: Family = "body",
) -> RawProbe:
    raw = content if isinstance(content, bytes) else content.encode()
    return RawProbe(
        slug=slug,
        constraint=constraint,
        message=replace(good, body=raw),
        expects=expects,
        family=family,
    )


def _still_good(good: Message, slug: str, content: str) -> RawProbe:
    """A body that is unusual, and means what the good one means."""
    return _with_body(good, slug, "wire.syntax", content, "accept")


def syntax(good: Message, text: str, request: Json, *, required: bool) -> Iterator[RawProbe]:
    """Bodies that are not JSON, empty ones, and those about which no source promises anything.

    required: whether the request has required members.
    """
    unusual = unusual_bodies(text, request)
    # Read as {}: where members are required they are missing, else nothing is wrong with it.
    for slug, content in (("empty", ""), ("blank", " \n")):
        expects: Expectation = "reject" if required else "any"
        yield _with_body(good, slug, "wire.syntax", content, expects, "required")
        # A good body right after each: some servers carry over what they made of a bad one.
        yield _still_good(good, *next(unusual))
    for slug, content in malformed_bodies(text):
        yield _with_body(good, slug, "wire.syntax", content)
        if good_one := next(unusual, None):
            yield _still_good(good, *good_one)
    open_questions = {
        "duplicate-member": duplicated(text),
        "byte-order-mark": "\ufeff" + text,
        "not-a-number": extra(text, '"contractKit":NaN'),
    }
    for slug, content in open_questions.items():
        yield _with_body(good, slug, "wire.syntax", content, "any")


def body_types(good: Message, text: str) -> Iterator[RawProbe]:
    """JSON that is not an object."""
    for slug, content in (("list", "[]"), ("null", "null"), ("number", "1"), ("string", '"x"')):
        yield _with_body(good, f"body-{slug}", "request.type", content)
    yield _with_body(good, "list-of-request", "request.type", f"[{text}]")
    yield _with_body(good, "text-of-request", "request.type", json.dumps(text))


def hard_to_read(good: Message, text: str) -> Iterator[RawProbe]:
    """Bodies that are not UTF-8, nest deeply or hold much."""
    for slug, raw in undecodable_bodies(text):
        yield _with_body(good, slug, "wire.encoding", raw, "any")
    for slug, content in limit_bodies(text):
        yield _with_body(good, slug, "wire.limits", content, "any")
    yield _with_body(good, "thousand-members", "wire.limits", extra(text, thousand()), "accept")


def line_comment(good: Message, smallest: Json) -> RawProbe:
    """A line comment, in a body without URLs: servers that strip comments strip those as well."""
    text = json.dumps(smallest, separators=(",", ":"))
    return RawProbe(
        slug="line-comment",
        constraint="wire.syntax",
        message=replace(good, body=f"// comment\n{text}".encode()),
        expects="reject",
        twin=smallest,
    )


def number_probes(operation: Operation, good: Message, request: Json) -> Iterator[RawProbe]:
    """Numbers in spellings that no parsed value keeps, one member of each numeric type."""
    done: set[str] = set()
    for member in operation.shapes[operation.input].members:
        type = operation.shapes[member.shape].type
        spellings = NUMBER_SPELLINGS.get(type)
        if spellings is None or type in done:
            continue
        done.add(type)
        marked = json.dumps({**request, member.name: "@"}, separators=(",", ":"))
        for slug, (literal, expects) in spellings.items():
            body = marked.replace(f'"{member.name}":"@"', f'"{member.name}":{literal}')
            yield RawProbe(
                slug=f"spelled-{slug}",
                constraint=f"{member.name}.type",
                message=replace(good, body=body.encode()),
                expects=expects,
                family="type",
            )
