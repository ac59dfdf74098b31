"""Where documentation leaves open, in words, whether a conforming value is accepted."""

from __future__ import annotations

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Location, Member


def member_at(operation: Operation, location: Location) -> Member | None:
    """The member whose value, or an entry of it, a location leads to."""
    while location and location[-1] in (ITEM, KEY, VALUE):
        location = location[:-1]
    return operation.shape_at(location[:-1]).member(location[-1]) if location else None


def is_page_token(operation: Operation, location: Location) -> bool:
    """Whether a location is that of a page token, or lies in one."""
    member = operation.shapes[operation.input].member(location[0]) if location else None
    return member is not None and member.page_token


def rule_at(operation: Operation, location: Location) -> str:
    """Why a conforming value at a location may be refused; empty where nothing says so."""
    member = member_at(operation, location)
    said = " … ".join(member.rules) if member is not None else ""
    return f'the documentation says: "{said}"' if said else ""
