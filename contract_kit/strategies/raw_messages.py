"""Raw messages: conforming ones with a few things wrong below the level of values."""

from __future__ import annotations

import functools

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.cases.good_request import Bindings
from contract_kit.cases.typical import typical
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import NotExpressible
from contract_kit.strategies.conforming_requests import valid
from contract_kit.strategies.plan import mapped
from contract_kit.wire.interface import Change
from contract_kit.wire.message import Message
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

MOST_CHANGES = 3
"""Changes made to one message at most."""


def messages(
    operation: Operation, *, bindings: Bindings | None = None, wire: Wire | None = None
) -> SearchStrategy[Message]:
    """Messages of conforming requests with a few things wrong, such as bodies that are not JSON.

    A server must answer each of them in a well-formed way, and may accept it: some messages are
    still right.

    bindings: as for `valid`. wire: how the messages travel, by default over the operation's usual
    protocol. Raises UsageError for an operation whose protocols cannot be sent, and for a binding
    that names no location.

    >>> from contract_kit import operation
    >>> from hypothesis import find
    >>> find(messages(operation("mailmanager:ListArchives")), lambda message: True).method
    'POST'
    """
    wire = wire or wire_of(operation)
    change = st.tuples(
        st.sampled_from(wire.changes), st.integers(0, 2**16 - 1), st.binary(min_size=1, max_size=8)
    )

    def message(drawn: tuple[Json, list[tuple[Change, int, bytes]]]) -> Message:
        request, changes = drawn
        try:
            good = wire.encode(request)
        except NotExpressible:
            # A wire may have no form for a request: a header takes nothing but ASCII.
            good = wire.encode(typical(operation.shapes, operation.input))
        return functools.reduce(lambda message, made: made[0](message, *made[1:]), changes, good)

    changes = st.lists(change, min_size=1, max_size=MOST_CHANGES)
    return mapped(st.tuples(valid(operation, bindings=bindings), changes), message)
