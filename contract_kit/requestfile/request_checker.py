"""`FileChecker`: everything wrong with the requests of one operation in one dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from contract_kit.contract.document import EXTENSION
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.contract.walk import is_recursive
from contract_kit.requestfile.dialect import converter
from contract_kit.requestfile.json_text import DEEPEST
from contract_kit.requestfile.skeleton import has_placeholder, is_skeleton, text_member
from contract_kit.requestfile.times import Times
from contract_kit.requestfile.values import at_path, is_there, shape_at
from contract_kit.validate.validator import Validator, nested_deeper
from contract_kit.validate.violation import Violation

if TYPE_CHECKING:
    from contract_kit.requestfile.client_changes import Client
    from contract_kit.requestfile.finding import FileFinding
    from contract_kit.requestfile.finding_places import FindingPlaces
    from contract_kit.requestfile.limit import Limit
    from contract_kit.requestfile.placeholders import Search

SCHEMA = "$schema"
"""The key at the root of a file that names its schema for editors; clients refuse it."""

MANY, ENOUGH = 10_000, 200_000
"""Characters of a request that is worth the engine, and of all smaller ones together that are.

Loading the engine takes as long as walking through half of the latter.
"""


class FileChecker:
    """Checks requests of one operation in one dialect.

    placeholders: searches; a string in which one finds a match is judged by its place alone.
    given: members that are given elsewhere, such as on a command line.
    """

    def __init__(
        self,
        operation: Operation,
        dialect: str,
        placeholders: tuple[Search, ...] = (),
        *,
        given: tuple[str, ...] = (),
    ) -> None:
        self._client = _client(operation, dialect, given)
        if self._client is not None:
            operation = self._client.operation
        self.operation = operation
        self._convert = converter(operation, dialect)
        self._validator = Validator(operation, nulls=dialect == "wire")
        self._times = Times(operation)
        self._placeholders = placeholders
        self._dialect = dialect
        self._walked = 0

    def conforms(self, value: Json, *, size: int = MANY) -> bool:
        """Whether nothing is wrong with a request, not even a warning, nor that it nests too deep.

        size: characters of its text; the first short ones are walked through, which is done
        before the engine would be loaded.
        """
        if self._refuses_schema(value):
            return False
        value = self._without_schema(value)
        if self._has_no_end and nested_deeper(value, DEEPEST):
            return False
        canonical = self._canonical(self._named(value))
        if size < MANY and self._walked < ENOUGH:
            self._walked += size
            valid = not self._validator.violations(canonical)
        else:
            valid = self._validator.is_valid(canonical)
        in_order = valid and self._times.in_order(canonical)
        return in_order and not self._is_unedited(value)

    def _is_unedited(self, value: Json) -> bool:
        """Whether a conforming request is a skeleton: one that says something may equal it."""
        return is_skeleton(self.operation, value) and has_placeholder(value)

    def _named(self, value: Json) -> Json:
        return value if self._client is None else self._client.named(value)

    def _canonical(self, named: Json) -> Json:
        sent = named if self._client is None else self._client.sent(named)
        return sent if self._convert is None else self._convert(sent)

    def _refuses_schema(self, value: Json) -> bool:
        """Whether the request has `$schema`, and the clients of the dialect refuse it."""
        return self._dialect != "wire" and type(value) is dict and SCHEMA in value

    @cached_property
    def _has_no_end(self) -> bool:
        """Whether a request may nest deeper than its shapes do."""
        shapes = self.operation.shapes.values()
        return is_recursive(self.operation) or any(shape.type == "document" for shape in shapes)

    @cached_property
    def quick(self) -> Callable[[Json], bool] | None:
        """A check at the speed of the engine; None where there is none.

        True: nothing is wrong. False: look closer. Only for objects without an integer of over 308
        digits; may raise ValueError.
        """
        takes, pairs = self._validator.quick, self._times.at_the_root
        if takes is None or pairs is None or self._convert is not None or len(pairs) > 1:
            return None
        if self._client is not None and self._client.changes_values:
            return None
        if self._has_no_end:
            return None
        low, high = pairs[0] if pairs else ("", "")
        operation, text = self.operation, text_member(self.operation)

        def quick(value: Json) -> bool:
            # Written out, since it runs a million times.
            if low in value and high in value and value[low] > value[high]:
                return False
            if (text is None or value.get(text) == "") and is_skeleton(operation, value):
                return not has_placeholder(value) and takes(value)
            return takes(value)

        return quick

    def findings(
        self,
        value: Json,
        placing: FindingPlaces,
        *,
        large: bool = False,
        limit: Limit | None = None,
    ) -> Iterator[FileFinding]:
        """Everything wrong with a request.

        large: it is so, and has no integer of over 308 digits. limit: what needs no words.
        """
        if self._refuses_schema(value):
            yield placing.finding(
                "file.schemaKey",
                placing.key((SCHEMA,)),
                f"AWS CLI and boto3 refuse {SCHEMA}; remove it before you send the request",
                severity="warning",
                path=(SCHEMA,),
                operation=self.operation.id,
            )
        value = self._without_schema(value)
        named = self._named(value)
        placing = placing if named is value else placing.aliased(self._client_aliases(value))
        canonical = self._canonical(named)
        violations = [
            violation
            for violation in self._validator.violations(canonical, small=not large)
            if not self._is_left_open(violation, named)
        ]
        if is_skeleton(self.operation, value) and (violations or has_placeholder(value)):
            message = "this is the unedited output of --generate-cli-skeleton; fill it in"
            id = self.operation.id
            yield placing.finding("file.skeleton", placing.value(()), message, operation=id)
            return
        if limit is not None:
            violations = limit.first(violations)
        # Only a file with findings pays for the words.
        from contract_kit.requestfile.wording import Wording

        wording = Wording(self.operation, self._dialect)
        yield from wording.findings(violations, named, placing)
        for path, low in self._times.inverted(canonical):
            yield wording.inverted(path, low, placing)

    def _client_aliases(self, value: Json) -> dict[str, str]:
        """Member → the alias that stands for it in a request."""
        aliases = self._client.aliases if self._client is not None else {}
        return {member: alias for alias, member in aliases.items() if alias in value}

    def _without_schema(self, value: Json) -> Json:
        if type(value) is not dict or SCHEMA not in value:
            return value
        return {name: entry for name, entry in value.items() if name != SCHEMA}

    def _is_left_open(self, violation: Violation, named: Json) -> bool:
        """Whether nothing can be said of what breaks a constraint, or nothing is wrong with it.

        The client fills it in, it holds a placeholder, or the pattern means any text.
        """
        kind, path = violation.constraint.rpartition(".")[2], violation.path
        if kind == "required" and self._client is not None and len(path) == 1:
            return self._client.fills_in(str(path[0]), named)
        if kind == "pattern" and isinstance(violation.value, str):
            from contract_kit.requestfile.multiline_patterns import takes_lines

            if takes_lines(self.operation, violation) == "any":
                return True
        return bool(self._placeholders) and self._holds_placeholder(violation, named)

    def _holds_placeholder(self, violation: Violation, value: Json) -> bool:
        """Whether a violation is about the content of a string that holds a placeholder."""
        if violation.of_key:
            shape = shape_at(self.operation, violation.path[:-1])
            if shape is None or shape.is_structure:
                return False
            held = violation.value
        elif not is_there(value, violation.path):
            return False
        else:
            held = at_path(value, violation.path)
        return isinstance(held, str) and any(search(held) for search in self._placeholders)


def _client(operation: Operation, dialect: str, given: tuple[str, ...]) -> Client | None:
    """The changes of a client to a request; None on a wire without any."""
    if dialect == "wire" and not given:
        root = operation.request["$defs"].get(operation.input, {})
        if not root.get(EXTENSION, {}).get("streams"):
            return None
    from contract_kit.requestfile.client_changes import client

    return client(operation, dialect, given)
