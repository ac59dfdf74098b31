"""Raw messages: bodies that are nearly right, wrongly encoded or odd, of every kind."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract_kit.errors import UsageError
from contract_kit.strategies import messages
from contract_kit.wire.json_mutations import DEEP, MUTATIONS
from contract_kit.wire.table import wire_of


@pytest.fixture(scope="module")
def drawn(kit):
    """A few hundred messages."""
    return kit.sample(messages(kit.EXPORT), 500)


def kind_of(body):
    """What a reader makes of a body."""
    try:
        value = json.loads(body.decode())
    except UnicodeDecodeError:
        return "not UTF-8"
    except RecursionError:
        return "deep"
    except ValueError as error:
        return "digits" if "digits" in str(error) else "not JSON"
    return "object" if isinstance(value, dict) else "other JSON"


def test_only_the_body_differs_from_a_good_message(kit, drawn):
    """Method, path and headers are right."""
    good = wire_of(kit.EXPORT).encode({})
    for message in drawn:
        assert (message.method, message.path, message.headers) == (
            good.method,
            good.path,
            good.headers,
        )


def test_bodies_of_every_kind_come_up(kit, drawn):
    """Some of them still right, so that nothing is promised but an answer."""
    kinds = {kind_of(message.body) for message in drawn}
    assert {"not UTF-8", "not JSON", "object", "deep"} <= kinds
    bodies = [message.body for message in drawn]
    for mark in (b"\x00", b"\xff", b"NaN", b"[" * DEEP[0], b"1e400", b"'", b"/*", b"\\x41"):
        found = any(mark in body for body in bodies)
        held = lambda message, mark=mark: mark in message.body  # noqa: E731
        assert found or kit.is_reached(messages(kit.EXPORT), held), mark
    assert any(body.startswith(b"\xef\xbb\xbf") for body in bodies)
    assert any(len(body) > 10_000 for body in bodies)
    assert any(len(body) < 5 for body in bodies)


def test_a_member_is_written_twice(drawn):
    """In a body that is JSON all the same."""
    twice = []

    def pairs(found):
        names = [name for name, _ in found]
        twice.append(len(names) > len(set(names)))
        return dict(found)

    for message in drawn:
        try:
            json.loads(message.body.decode(), object_pairs_hook=pairs)
        except (ValueError, RecursionError):
            continue
    assert any(twice)


@pytest.mark.parametrize("change", MUTATIONS, ids=lambda change: change.__name__)
def test_every_change_copes_with_every_body(change):
    """Empty ones, and those that earlier changes left of a request."""
    for body in (b"", b"{}", b"[", b'{"a":1}', b'{"a":"b","c":[1,true]}', b"\xff\xfe"):
        for place in (0, 1, 7, 65_535):
            for few in (b"\x00", b"\xff", b"ab", b"\x07" * 8):
                assert isinstance(change(body, place, few), bytes)


def test_a_change_changes_something(kit):
    """Nearly always: a body without a number has none to make odd."""
    body = wire_of(kit.EXPORT).encode({"A": "b", "C": 1}).body
    for change in MUTATIONS:
        others = {change(body, place, few) for place in range(8) for few in (b"\x01", b"xyz")}
        assert others - {body}, change


def test_it_shrinks_to_a_single_change_of_the_smallest_request(kit):
    """The first change there is, at the first place."""
    assert kit.smallest(messages(kit.EXPORT), lambda message: True).body == b""
    found = kit.smallest(messages(kit.EXPORT), lambda message: b"NaN" in message.body)
    assert found.body.count(b"NaN") == 1
    assert len(found.body) < 160


def test_bound_values_hold_in_the_request_that_is_changed(kit):
    """As far as the change leaves them."""
    drawn = kit.sample(messages(kit.EXPORT, bindings={"ArchiveId": "a-known"}), 60)
    assert sum(b'"a-known"' in message.body for message in drawn) > 20


def test_a_protocol_that_cannot_be_sent_is_a_usage_error(kit):
    """It is named."""
    op = replace(kit.operation("lambda:CreateFunction"), protocols=("by-post",))
    with pytest.raises(UsageError, match="by-post"):
        messages(op)
