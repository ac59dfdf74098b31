"""Forms that are wrong, or unusual, around their members: actions, versions, keys, encodings.

Each starts from a message that a correct server carries out and changes one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.wire.form_values import FORM, Pair, decode_pairs, encode_pairs
from contract_kit.wire.head_probes import NO_OPERATION, header_probes, method_probes
from contract_kit.wire.message import Expectation, Message, RawProbe


def malformed_forms(operation: Operation, good: Message) -> Iterator[RawProbe]:
    """All of them. good: the encoded request, which a correct server accepts."""
    yield from _actions(operation, good)
    yield from _versions(good)
    yield from _bodies(good)
    yield from method_probes(good, ("PUT", "DELETE", "PATCH"))
    yield from header_probes(good, "Content-Type", "wire.contentType", _CONTENT_TYPES)


def with_pair(message: Message, key: str, value: str | None) -> Message:
    """A form with another value of a key, or without it."""
    pairs: list[Pair] = []
    for name, text in decode_pairs(message.body):
        if name != key:
            pairs.append((name, text))
        elif value is not None:
            pairs.append((name, value))
    return replace(message, body=encode_pairs(pairs))


def _probe(
    slug: str, constraint: str, message: Message, expects: Expectation, target: bool = False
) -> RawProbe:
    return RawProbe(
        slug=slug,
        constraint=constraint,
        message=message,
        expects=expects,
        family="target" if target else "body",
    )


def _actions(operation: Operation, good: Message) -> Iterator[RawProbe]:
    name = operation.name
    values = {
        "missing": None,
        "empty": "",
        "unknown-operation": NO_OPERATION,
        "longer": f"{name}X",
        "shorter": name[:-1],
        "lower-case": name.lower(),
        "upper-case": name.upper(),
        "trailing-dot": f"{name}.",
    }
    for slug, value in values.items():
        message = with_pair(good, "Action", value)
        yield _probe(slug, "wire.target", message, "reject", target=True)


def _versions(good: Message) -> Iterator[RawProbe]:
    """No source says what becomes of a version that is missing, or none of the service."""
    for slug, value in (("no-version", None), ("other-version", "1999-01-01")):
        yield _probe(slug, "wire.target", with_pair(good, "Version", value), "survive")


def _bodies(good: Message) -> Iterator[RawProbe]:
    """Forms that mean the same in other spellings, and some that are none."""
    body = good.body
    plus = body.replace(b"%20", b"+")
    same = {
        "plus-for-blank": plus,
        "trailing-ampersand": body + b"&",
        "leading-ampersand": b"&" + body,
        "unknown-key": body + b"&ContractKitUnknown=1",
        "escaped-unreserved": body.replace(b"Action=", b"%41ction=", 1),
    }
    for slug, content in same.items():
        yield _probe(slug, "wire.syntax", replace(good, body=content), "accept")
    broken = {
        "percent-alone": body + b"&ContractKitUnknown=%",
        "percent-letters": body + b"&ContractKitUnknown=%zz",
        "invalid-utf-8": body + b"&ContractKitUnknown=%ff%fe",
        "raw-utf-8": body + "&ContractKitUnknown=ä".encode(),
        "raw-byte": body + b"&ContractKitUnknown=\xff",
    }
    for slug, content in broken.items():
        yield _probe(slug, "wire.encoding", replace(good, body=content), "any")
    many = b"".join(b"&ContractKitUnknown.member.%d=1" % number for number in range(1, 1001))
    odd = {
        "thousand-keys": body + many,
        "long-key": body + b"&" + b"K" * 10_000 + b"=1",
        "deep-key": body + b"&" + b".".join([b"K"] * 1_000) + b"=1",
        "number-of-item-is-huge": body + b"&ContractKitUnknown.member." + b"9" * 400 + b"=1",
        "action-twice": body + b"&Action=" + NO_OPERATION.encode(),
    }
    for slug, content in odd.items():
        yield _probe(slug, "wire.limits", replace(good, body=content), "any")
    yield _probe("empty", "wire.target", replace(good, body=b""), "reject", target=True)


_CONTENT_TYPES: dict[str, tuple[str | None, Expectation]] = {
    "without-charset": (FORM, "accept"),
    "charset-without-blank": (f"{FORM};charset=UTF-8", "accept"),
    "json": ("application/json", "survive"),
    "text": ("text/plain", "survive"),
    "missing": (None, "survive"),
}
"""Content types: parameters are allowed, about wrong ones nothing is promised."""
