"""Reasons to refuse everything: unknown credentials, or an operation that is not implemented."""

from __future__ import annotations

import re

from contract_kit.contract.operation import Operation
from contract_kit.errors import TargetError
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.verdict.advice import said
from contract_kit.wire.errors import classify, is_documented
from contract_kit.wire.head_probes import NO_OPERATION
from contract_kit.wire.message import Message
from contract_kit.wire.wire import Wire

NEEDS_CREDENTIALS = (401, 407)
"""Statuses of a server that asks for credentials first."""

_ABOUT_ACCESS = re.compile(
    r"Unauthorized(?!Operation)|Authorization|Authentication|AuthFailure|Forbidden"
    r"|UnrecognizedClient|(?:Invalid|Missing)ClientTokenId|InvalidAccessKeyId|InvalidSecurity"
    r"|ExpiredToken|InvalidToken|TokenRefreshRequired|RequestExpired|RequestTimeTooSkewed"
    r"|NotSignedUp|OptInRequired|SubscriptionRequired"
    r"|IncompleteSignature|InvalidSignature|SignatureDoesNotMatch"
)
"""Words in names of errors about who asks, not about what may be done by whom.

Source: the page "Common Errors" of AWS API references, and the errors of services that check
signatures themselves.
"""

_TOKEN = re.compile(r"(?:Invalid|Expired)Token")
"""Of these, those that services also give to tokens in requests, such as those of pages."""

_LACKS = ("unknown-operation", "not-implemented")
"""Classes of errors that say by themselves that a target lacks an operation."""

_NOT_IMPLEMENTED = re.compile(r"not\W?(?:yet\W?)?implemented", re.IGNORECASE)
"""In names of errors, and in pages of servers that fail where they lack something."""

LACKING = (404, 405, 500)
"""Statuses of targets that lack an operation, if one that does not exist gets the same answer."""

_PASSING = re.compile(r"[0-9a-fA-F]{8}[0-9a-fA-F-]*|\d+")
"""Text that differs from reply to reply: ids of requests, times, addresses in memory."""

SHOWN = 120
"""Characters of a nameless reply that are shown."""


def check_not_busy(exchange: Exchange, seen: Exchanged) -> None:
    """Raises TargetError where a target still has too much to do after all the patience it got."""
    if exchange.asks_for_patience(seen.reply, seen.answer):
        raise TargetError(
            f"the target is busy, also after {exchange.waited:.0f} s: {_shown(seen)}; try again "
            "later, or slow down with --rate-limit N/s (in pytest: contract_rate_limit)"
        )


def check_access(operation: Operation, seen: Exchanged) -> None:
    """Raises TargetError where a reply says nothing of the request: nobody may ask.

    Where the operation documents an error about a token, it is about one that the request holds.
    """
    reply, answer = seen.reply, seen.answer
    nameless = answer.kind == "broken" and reply.status == 403
    named = answer.kind == "error" and _ABOUT_ACCESS.search(answer.name)
    if named and _TOKEN.search(answer.name) and is_documented(operation, answer.name):
        named = None
    if reply.status in NEEDS_CREDENTIALS or nameless or named:
        raise TargetError(
            f"the target denies access: {_shown(seen)}; give credentials with --access-key and "
            "--secret-key (in pytest: contract_credentials), or what else it asks for with --header"
        )


def check_implemented(wire: Wire, exchange: Exchange, tried: list[Exchanged]) -> None:
    """Raises TargetError where the target answers conforming requests as if it lacked them.

    It is asked the same of an operation that does not exist, and compared in status, type and text.
    """
    operation = wire.operation
    first = tried[0]
    control = exchange.send(wire.to_no_operation(first.message))
    says_so = all(_says_so(operation, seen) for seen in tried)
    alike = {_likeness(operation, seen) for seen in (*tried, control)}
    same = len(alike) == 1 and first.reply.status in LACKING
    if not says_so and (not same or _answers_all_alike(operation, exchange, first)):
        return
    place = "; if it has a path of its own, give it with --url" if first.reply.status == 404 else ""
    reported = first.answer.name or _shown(first)
    raise TargetError(
        f"{operation.id} is not implemented: the target gives it the same answer as an operation "
        f"that does not exist ({reported}){place}"
    )


def _says_so(operation: Operation, seen: Exchanged) -> bool:
    name = seen.answer.name if seen.answer.kind == "error" else ""
    named = name and (
        classify(operation, name) in _LACKS or _NOT_IMPLEMENTED.search(name) is not None
    )
    return bool(named) or seen.reply.status == 501


def _answers_all_alike(operation: Operation, exchange: Exchange, first: Exchanged) -> bool:
    """Whether a target that fails does so whatever it is asked: then it may well have it."""
    text = first.reply.body.decode("utf-8", "replace")
    if first.reply.status != 500 or _NOT_IMPLEMENTED.search(text):
        return False
    other = exchange.send(Message(method="GET", path="/"))
    return _likeness(operation, other) == _likeness(operation, first)


def _likeness(operation: Operation, seen: Exchanged) -> tuple[object, ...]:
    """The parts that answers with the same meaning share, whatever the operation."""
    reply = seen.reply
    text = reply.body.decode("utf-8", "replace")
    for name in (operation.name, NO_OPERATION):
        text = text.replace(name, "*")
    kind = (reply.header("content-type") or "").partition(";")[0].strip().lower()
    return reply.status, reply.failure, kind, _PASSING.sub("#", text)


def _shown(seen: Exchanged) -> str:
    """An answer in a few words."""
    if seen.answer.kind == "error":
        return said(seen.answer)
    text = " ".join(seen.reply.body.decode("utf-8", "replace").split())[:SHOWN]
    return f"HTTP {seen.reply.status}: {text}" if text else f"HTTP {seen.reply.status}"
