"""Mutations of bodies of any format: of their bytes, whatever these mean."""

from __future__ import annotations

from dataclasses import replace

from contract_kit.wire.interface import Change, Mutation
from contract_kit.wire.message import Message


def on_body(mutation: Mutation) -> Change:
    """A mutation of a message's body."""

    def change(message: Message, place: int, few: bytes) -> Message:
        return replace(message, body=mutation(message.body, place, few))

    return change


def truncated(body: bytes, place: int, few: bytes) -> bytes:
    """The beginning only."""
    return body[: position(body, place)]


def dropped(body: bytes, place: int, few: bytes) -> bytes:
    """Without a few bytes somewhere."""
    at = position(body, place)
    return body[:at] + body[at + len(few) :]


def inserted(body: bytes, place: int, few: bytes) -> bytes:
    """With bytes that belong nowhere, so that the text may no longer be UTF-8."""
    at = position(body, place)
    return body[:at] + few + body[at:]


def overwritten(body: bytes, place: int, few: bytes) -> bytes:
    """With other bytes in place of some."""
    at = position(body, place)
    return body[:at] + few + body[at + len(few) :]


def doubled(body: bytes, place: int, few: bytes) -> bytes:
    """With a part of it twice in a row."""
    at = position(body, place)
    end = at + few[0] + 1
    return body[:end] + body[at:]


def position(body: bytes, place: int) -> int:
    """A place in the body, its end excluded."""
    return place % len(body) if body else 0


BYTE_MUTATIONS: tuple[Mutation, ...] = (truncated, dropped, inserted, overwritten, doubled)
"""All of them."""
