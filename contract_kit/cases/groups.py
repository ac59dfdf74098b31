"""The cases of an operation in groups: one per constraint and side, with names for test runners."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from contract_kit.cases.case import Case, Side
from contract_kit.cases.export import all_cases
from contract_kit.cases.slow_cases import slow_cases
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE
from contract_kit.errors import UnknownConstraint
from contract_kit.text.near import did_you_mean
from contract_kit.wire.wire import Wire

_PLAIN = {ITEM: "-item", KEY: "-key", VALUE: "-value"}
"""No member's name has a hyphen, so that what stands for the brackets cannot be one."""

RESULTS = 2
"""Good requests that are sent for what every result is held to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The cases of one constraint on one side.

    cases: their ids. of_replies: the constraint has no cases of its own, since every reply is held
    to it; the cases are a sample of those that show it.
    """

    constraint: str
    side: Side
    cases: tuple[str, ...]
    of_replies: bool = False

    @property
    def name(self) -> str:
        """Constraint and side in characters that shells and test runners take as they are."""
        return f"{plain(self.constraint)}/{self.side}"

    def showing(self, case: str) -> tuple[str, Group] | None:
        """A case by its id as a group of its own, with a name; None for a case of another group.

        What every reply is held to may be shown by any case: its name then says which.
        """
        about, slug = case.rpartition("/")[::2]
        if self.of_replies:
            slug = plain(f"{about.partition('/')[2]}/{slug}")
        elif case not in self.cases:
            return None
        return f"{self.name}/{slug}", replace(self, cases=(case,))

    def alone(self) -> Iterator[tuple[str, Group]]:
        """Each case as a group of its own, with a name; none where it is a mere sample."""
        for id in () if self.of_replies else self.cases:
            found = self.showing(id)
            assert found is not None, "it is one of its own"
            yield found


def plain(id: str) -> str:
    """A constraint's id without brackets: `Tags[].Key` as `Tags-item.Key`."""
    for segment, text in _PLAIN.items():
        id = id.replace(segment, text)
    return id


@functools.lru_cache(maxsize=64)
def groups(wire: Wire) -> tuple[Group, ...]:
    """All cases of an operation over a wire in groups, in the order in which they are best run.

    In document order; then what keeps an implementation busy, of which it may never come back;
    last what all replies show. A constraint without any case is a group without any.
    """
    cases = all_cases(wire.operation, wire)
    slow = {case.constraint for case in slow_cases(wire.operation)}
    found: dict[tuple[str, Side], list[str]] = {}
    for case in cases:
        found.setdefault((case.constraint, case.side), []).append(case.id)
    own = [
        Group(constraint=constraint, side=side, cases=tuple(ids))
        for (constraint, side), ids in found.items()
    ]
    own.sort(key=lambda group: group.constraint in slow)
    covered = {group.constraint for group in own}
    rest = [
        _rest(constraint.id, constraint.kind, cases)
        for constraint in wire.constraints
        if constraint.id not in covered
    ]
    rest.sort(key=lambda group: not group.cases)
    return (*own, *rest)


def single(wire: Wire, name: str) -> Group | None:
    """The case that a name of `Group.showing` stands for, as a group of its own; None if none."""
    for group in groups(wire):
        if name.startswith(f"{group.name}/"):
            own = _all_ids(wire) if group.of_replies else group.cases
            named = (found for id in own if (found := group.showing(id)))
            return next((found for called, found in named if called == name), None)
    return None


def _all_ids(wire: Wire) -> tuple[str, ...]:
    return tuple(id for group in groups(wire) if not group.of_replies for id in group.cases)


def _rest(id: str, kind: str, cases: Iterable[Case]) -> Group:
    """The group of a constraint that has no cases of its own."""
    if kind == "response":
        good = (case.id for case in cases if case.expects == "accept" and case.message is None)
        sample = [id for id, _ in zip(good, range(RESULTS), strict=False)]
        return Group(constraint=id, side="inside", cases=tuple(sample), of_replies=True)
    if kind == "error":
        refused = [case for case in cases if case.expects == "reject"]
        first = {case.family: case.id for case in reversed(refused)}
        return Group(constraint=id, side="outside", cases=tuple(first.values()), of_replies=True)
    return Group(constraint=id, side="outside", cases=(), of_replies=kind == "wire")


def narrowed(
    wire: Wire,
    *,
    constraints: tuple[str, ...] = (),
    sides: tuple[str, ...] = (),
    members: tuple[str, ...] = (),
) -> tuple[Group, ...]:
    """The groups of these constraints, on these sides, at or below these members; all by default.

    Raises UnknownConstraint for a constraint or member that the operation does not have.
    """
    operation = wire.operation
    everything = groups(wire)
    known = dict.fromkeys(group.constraint for group in everything)
    for id in constraints:
        _check(operation, "constraint", id, known)
    places = {id: id.rpartition(".")[0] for id in known}
    for id in members:
        parents = dict.fromkeys(place for place in places.values())
        _check(operation, "member", id, parents)
    return tuple(
        group
        for group in everything
        if (not constraints or group.constraint in constraints)
        and (not sides or group.side in sides)
        and (not members or any(_below(places[group.constraint], id) for id in members))
    )


def _below(place: str, member: str) -> bool:
    return place == member or place.startswith((f"{member}.", f"{member}["))


def _check(operation: Operation, what: str, id: str, known: Iterable[str]) -> None:
    names = list(known)
    if id not in names:
        lists = f"`contract-kit cases {operation.id}` lists those it has"
        hint = did_you_mean(id, names, otherwise=lists)
        raise UnknownConstraint(f"{operation.id} has no {what} {id!r}; {hint}")
