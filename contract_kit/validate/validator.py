"""`Validator`: checks requests of one operation against its documented constraints."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import ClassVar

from contract_kit.contract.document import EXTENSION
from contract_kit.contract.operation import Operation
from contract_kit.contract.server_schema import taking_unknown
from contract_kit.contract.shape import Json
from contract_kit.contract.walk import MAX_DEPTH, is_recursive
from contract_kit.pattern.compiled import understood
from contract_kit.validate.beyond_engine import Exact, exact_check
from contract_kit.validate.broken_rules import broken_rules
from contract_kit.validate.engine_guided import guided_violations
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.request_walk import RequestWalk
from contract_kit.validate.violation import Violation

CONTAINERS = (dict, list, tuple)


class Validator:
    """Checks requests of one operation.

    wire: read a request as a server does, which ignores unknown members and takes null for an
    optional member as its absence; otherwise as a file, where both are violations.
    nulls: take null for absence, but unknown members for violations.
    wording: messages use the words of AWS's services before 2026, with the value, a path in lower
        camel case, and every violation. Today they differ by service and region.

    >>> from contract_kit import operation
    >>> validator = Validator(operation("mailmanager:ListArchives"))
    >>> validator.is_valid({"PageSize": 50})
    True
    >>> [violation.constraint for violation in validator.violations({"PageSize": 51})]
    ['PageSize.maximum']
    """

    wording: ClassVar[str] = "aws-before-2026"

    __slots__ = (
        "_exact",
        "_nulls",
        "_operation",
        "_plain",
        "_recursive",
        "_root",
        "_takes",
        "_wire",
    )

    def __init__(self, operation: Operation, *, wire: bool = False, nulls: bool = False) -> None:
        self._operation = operation
        self._wire = wire
        self._nulls = wire or nulls
        self._root = LocationNode(operation.shapes, operation.input, (), None, {})
        self._recursive = is_recursive(operation)
        self._exact: Exact | None = None
        self._plain = False
        self._takes: Callable[[Json], bool] = self._first

    def _first(self, request: Json) -> bool:
        """The engine's answer for a first request. Loading it takes longer than one walk."""
        import jsonschema_rs

        operation, wire = self._operation, self._wire
        document = engine_document(operation.request, wire=wire)
        self._takes = jsonschema_rs.validator_for(document).is_valid
        self._exact = exact_check(operation)
        inexact = wire or self._recursive or exact_check(operation, numbers=False) is not None
        self._plain = not inexact and not operation.rules
        return self._takes(request)

    def is_valid(self, request: Json) -> bool:
        """Whether the request satisfies every constraint. Never raises, whatever the value."""
        if self._recursive and nested_deeper(request, MAX_DEPTH):
            return not self.violations(request)
        try:
            valid = self._takes(request)
        except (ValueError, OverflowError, RecursionError):
            # Values that JSON cannot hold: surrogates in keys, bytes, keys that are not strings.
            return not self.violations(request)
        if valid:
            exact = self._exact is None or self._exact(request)
            return exact and not any(broken_rules(self._operation, request))
        return self._nulls and not self.violations(request)

    @property
    def quick(self) -> Callable[[Json], bool] | None:
        """`is_valid` at the speed of the engine, for values without integers of over 308 digits.

        It refuses all nulls. May raise ValueError, for values that JSON cannot hold. None if the
        engine alone cannot decide.
        """
        if self._takes == self._first:
            self.is_valid(None)
        return self._takes if self._plain else None

    def violations(self, request: Json, *, small: bool = True) -> tuple[Violation, ...]:
        """Every broken constraint, in document order. Never raises, whatever the value.

        small: False lets the engine find the places to check, which takes a tenth of the time on
        large requests. Not for integers of over 308 digits.
        """
        if not small and self.quick is not None:
            document = engine_document(self._operation.request, wire=False)
            try:
                return guided_violations(self._root, document, request, nulls=self._nulls)
            except (ValueError, OverflowError, RecursionError):
                pass  # values that JSON cannot hold
        walk = RequestWalk(wire=self._wire, nulls=self._nulls)
        walk.check(self._root, request, ())
        return (*walk.found, *broken_rules(self._operation, request, tuple(walk.found)))


def engine_document(document: Json, *, wire: bool) -> Json:
    """A copy of a request schema for the engine; on the wire structures take unknown members."""
    changed = copy.deepcopy(document)
    for name, defined in changed["$defs"].items():
        schema = changed["$defs"][name] = taking_unknown(defined) if wire else defined
        if _is_lenient_at_the_end(schema):
            for keyword in ("pattern", "allOf", "not"):
                schema.pop(keyword, None)
        if schema.get("type") == "string" and not schema.keys() & {"pattern", "enum"}:
            # The engine finds a lone surrogate only where it has to read the string.
            schema["pattern"] = "^"
    return changed


def _is_lenient_at_the_end(schema: Json) -> bool:
    """Whether a schema's pattern takes more than its portable form, before a last line end."""
    text = schema.get(EXTENSION, {}).get("pattern")
    pattern = understood(text) if text is not None and "(?" in text else None
    return pattern is not None and pattern.may_end_before_line_end


def nested_deeper(value: Json, limit: int) -> bool:
    """Whether objects and lists are nested more than `limit` levels deep.

    Goes level by level, never recursing.
    """
    level = [value] if isinstance(value, CONTAINERS) else []
    for _ in range(limit):
        # Each object once: one that holds itself twice would double with every level.
        below: dict[int, Json] = {}
        for item in level:
            held = item.values() if isinstance(item, dict) else item
            below.update((id(inner), inner) for inner in held if isinstance(inner, CONTAINERS))
        if not below:
            return False
        level = list(below.values())
    return bool(level)
