"""Checks replies against what the operation's documentation says it returns."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Path
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.request_walk import RequestWalk
from contract_kit.validate.usual_replies import LEAST, is_usual
from contract_kit.validate.violation import Violation


class ReplyValidator:
    """Checks replies of one operation.

    Constraint ids are places in the result. Unknown members are allowed, and null counts as
    absence: clients read replies so.
    """

    __slots__ = ("_root", "_service", "_tokens")

    def __init__(self, operation: Operation) -> None:
        output = operation.output
        self._service = operation.service
        self._root = (
            LocationNode(operation.shapes, output, (), None, {}) if output is not None else None
        )
        members = operation.shapes[output].members if output is not None else ()
        self._tokens = {(member.name,) for member in members if member.page_token}

    def violations(self, result: Json) -> tuple[Violation, ...]:
        """Every constraint of the documented output that a result breaks, in document order.

        Without those that AWS itself is known to break.
        """
        return self.judged(result)[0]

    def judged(self, result: Json) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
        """Violations of a result, and those that AWS itself is known to commit."""
        if self._root is None:
            return (), ()
        walk = RequestWalk(wire=True, reply=True)
        walk.check(self._root, result, ())
        if not walk.found:
            return (), ()
        usual = tuple(each for each in walk.found if self._is_usual(each))
        return tuple(each for each in walk.found if each not in usual), usual

    def _is_usual(self, violation: Violation) -> bool:
        # Clients take a token without any text for the end of the pages.
        is_no_token = violation.value == "" and violation.path in self._tokens
        return is_no_token or is_usual(self._service, violation)


def reply_faults(
    operation: Operation, result: Json
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Violations of a result as (constraint id, explanation); notes on those that AWS commits."""
    violations, usual = ReplyValidator(operation).judged(result)
    faults = [("response.schema", violation.message) for violation in violations]
    notes = (
        "results are below documented minimums; no finding, since AWS's own results are, too"
        if each.constraint.endswith(LEAST)
        else f"results break {each.constraint}; no finding, since AWS's own results do, too"
        for each in usual
    )
    return faults + missing_identifiers(operation, result), tuple(dict.fromkeys(notes))


ECHO = "results repeat values of the request that only the request may have: {}"


def echoed(request: Json, broken: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """Violations of a result by values that the request gave to a member of the same name.

    broken: all that it breaks.

    Models often state other limits for a name in a reply than for the one that is given.
    """
    given = set(_scalars(request, ""))
    return tuple(
        each
        for each in broken
        if each.constraint.rpartition(".")[2] in _LIMITED
        and isinstance(each.value, (str, int, float))
        and (_name(each.path), each.value) in given
    )


_LIMITED = ("minLength", "maxLength", "pattern", "enum", "minimum", "maximum")


def _scalars(value: Json, name: str) -> Iterator[tuple[str, Json]]:
    """Every string and number of a request, with the name of the member that has it, folded."""
    if isinstance(value, dict):
        for label, inner in value.items():
            yield from _scalars(inner, label.lower())
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner, name)
    elif isinstance(value, (str, int, float)):
        yield name, value


def _name(path: Path) -> str:
    names = [segment for segment in path if isinstance(segment, str)]
    return names[-1].lower() if names else ""


def missing_identifiers(operation: Operation, result: Json) -> list[tuple[str, str]]:
    """Documented identifiers that a result lacks, as (constraint id, explanation)."""
    missing = [name for name, value in fresh_identifiers(operation, result) if value is None]
    if not missing:
        return []
    known = {constraint.id for constraint in operation.constraints}
    return [
        (f"response.{name}.present", f"the reply has no {name}")
        for name in missing
        if f"response.{name}.present" in known
    ]


def fresh_identifiers(operation: Operation, result: Json) -> list[tuple[str, Json]]:
    """Name and value of each member that is documented as the identifier of something new."""
    if operation.output is None or not isinstance(result, dict):
        return []
    members = operation.shapes[operation.output].members
    return [(member.name, result.get(member.name)) for member in members if member.identifier]
