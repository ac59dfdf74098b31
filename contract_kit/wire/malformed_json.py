"""Messages that are wrong, or unusual, below the level of values: awsJson.

Each starts from a message that a correct server carries out and changes one thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_kit.contract.operation import Constraint, Operation
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

CONSTRAINTS: tuple[Constraint, ...] = tuple(
    Constraint(id=f"wire.{name}", kind="wire", location=("wire",), origins=("protocol",))
    for name in (
        "syntax",
        "encoding",
        "target",
        "method",
        "contentType",
        "limits",
        "connection",
    )
)

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
"""What a number may look like in JSON text, by the type of its member.

No source promises that an integer in exponent form is taken, nor what becomes of times that
no calendar holds.
"""


def probes(
    operation: Operation, good: Message, request: Json, smallest: Json
) -> tuple[RawProbe, ...]:
    """All probes for an operation. good: the encoded request, which a correct server accepts.

    smallest: the good request with required members only.
    """
    text = good.body.decode()
    required = any(member.required for member in operation.shapes[operation.input].members)
    return (
        *syntax(good, text, request, required=required),
        *body_types(good, text),
        *hard_to_read(good, text),
        line_comment(good, smallest),
        *number_probes(operation, good, request),
        *targets(operation, good),
        *methods(good),
        *content_types(good),
    )


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
    """Bodies that are no JSON, empty ones, and those of which nothing is promised.

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
    """JSON that is no object."""
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


def targets(operation: Operation, good: Message) -> Iterator[RawProbe]:
    """`X-Amz-Target` headers that name no operation of the service."""
    prefix, name = operation.target_prefix, operation.name
    right = f"{prefix}.{name}"
    values = {
        "missing": None,
        "empty": "",
        "unknown-operation": f"{prefix}.ContractKitNoSuchOperation",
        "longer": f"{prefix}.{name}X",
        "shorter": f"{prefix}.{name[:-1]}",
        "lower-case": f"{prefix}.{name.lower()}",
        "lower-case-service": f"{prefix.lower()}.{name}",
        "all-lower-case": f"{prefix}.{name}".lower(),
        "all-upper-case": f"{prefix}.{name}".upper(),
        "upper-case": f"{prefix}.{name.upper()}",
        "trailing-dot": f"{prefix}.{name}.",
        "unknown-service": f"ContractKitNoSuchService.{name}",
        "no-service": name,
        "no-operation": f"{prefix}.",
    }
    # Some services are called in lower case by themselves.
    wrong = {value: slug for slug, value in reversed(values.items()) if value != right}
    for value, slug in reversed(wrong.items()):
        yield RawProbe(
            slug=slug,
            constraint="wire.target",
            message=good.with_header("X-Amz-Target", value),
            expects="reject",
            family="target",
        )


def methods(good: Message) -> Iterator[RawProbe]:
    """HTTP methods that awsJson does not use."""
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        yield RawProbe(
            slug=method.lower(),
            constraint="wire.method",
            message=replace(good, method=method),
            expects="refuse",
            family="wire",
        )


def content_types(good: Message) -> Iterator[RawProbe]:
    """Content types: parameters are allowed, about wrong ones nothing is promised."""
    own = dict(good.headers)["Content-Type"]
    values: dict[str, tuple[str | None, Expectation]] = {
        "charset": (f"{own}; charset=utf-8", "accept"),
        "charset-without-blank": (f"{own};charset=UTF-8", "accept"),
        "upper-case": (own.upper(), "survive"),
        "other-version": (own[:-1] + {"0": "1", "1": "0"}[own[-1]], "survive"),
        "json": ("application/json", "survive"),
        "text": ("text/plain", "survive"),
        "missing": (None, "survive"),
    }
    for slug, (value, expects) in values.items():
        yield RawProbe(
            slug=slug,
            constraint="wire.contentType",
            message=good.with_header("Content-Type", value),
            expects=expects,
            family="wire",
        )
