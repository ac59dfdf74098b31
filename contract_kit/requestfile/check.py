"""`Checker`: everything wrong with the requests of one operation in one dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.requestfile.dialect import converter
from contract_kit.requestfile.json_text import DEEPEST
from contract_kit.requestfile.skeleton import is_skeleton, text_member
from contract_kit.requestfile.times import Times
from contract_kit.requestfile.values import at_path, is_there, shape_at
from contract_kit.validate.exact import is_recursive
from contract_kit.validate.validator import Validator, nested_deeper
from contract_kit.validate.violation import Violation

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import Finding
    from contract_kit.requestfile.place import Placing

SCHEMA = "$schema"
"""The key at the root of a file that names its schema for editors: never a violation."""

MANY, FEW = 10_000, 5
"""Characters of a request that is worth the engine, and how many smaller ones are not."""


class Checker:
    """Checks requests of one operation in one dialect.

    placeholders: patterns; a string that holds a match is judged by its place alone.
    """

    def __init__(
        self, operation: Operation, dialect: str, placeholders: tuple[re.Pattern[str], ...] = ()
    ) -> None:
        self.operation = operation
        self._convert = converter(operation, dialect)
        self._validator = Validator(operation, nulls=dialect == "wire")
        self._times = Times(operation)
        self._placeholders = placeholders
        self._dialect = dialect
        self._few = 0

    def conforms(self, value: Json, *, size: int = MANY) -> bool:
        """Whether nothing is wrong with a request, not even a warning, nor that it nests too deep.

        size: characters of its text; the first few short ones are walked through, which is done
        before the engine would be loaded.
        """
        value = self._without_schema(value)
        if self._has_no_end and nested_deeper(value, DEEPEST):
            return False
        canonical = value if self._convert is None else self._convert(value)
        if size < MANY and self._few < FEW:
            self._few += 1
            valid = not self._validator.violations(canonical)
        else:
            valid = self._validator.is_valid(canonical)
        in_order = valid and self._times.in_order(canonical)
        return in_order and not is_skeleton(self.operation, value)

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
        if self._has_no_end:
            return None
        low, high = pairs[0] if pairs else ("", "")
        operation, text = self.operation, text_member(self.operation)

        def quick(value: Json) -> bool:
            # Written out, since it runs a million times.
            if low in value and high in value and value[low] > value[high]:
                return False
            if (text is None or value.get(text) == "") and is_skeleton(operation, value):
                return False
            return takes(value)

        return quick

    def findings(self, value: Json, placing: Placing, *, large: bool = False) -> Iterator[Finding]:
        """Everything wrong with a request.

        large: it is so, and has no integer of over 308 digits.
        """
        value = self._without_schema(value)
        if is_skeleton(self.operation, value):
            message = "nobody has edited this output of --generate-cli-skeleton; fill it in"
            id = self.operation.id
            yield placing.finding("file.skeleton", placing.value(()), message, operation=id)
            return
        # Only a file with findings pays for the words.
        from contract_kit.requestfile.wording import Wording

        wording = Wording(self.operation, self._dialect)
        canonical = value if self._convert is None else self._convert(value)
        for violation in self._validator.violations(canonical, small=not large):
            if not self._is_left_open(violation, value):
                yield wording.finding(violation, value, placing)
        for path, low in self._times.inverted(canonical):
            yield wording.inverted(path, low, placing)

    def _without_schema(self, value: Json) -> Json:
        if type(value) is not dict or SCHEMA not in value:
            return value
        return {name: entry for name, entry in value.items() if name != SCHEMA}

    def _is_left_open(self, violation: Violation, value: Json) -> bool:
        """Whether a violation is about the content of a string that holds a placeholder."""
        if not self._placeholders:
            return False
        if violation.of_key:
            shape = shape_at(self.operation, violation.path[:-1])
            if shape is None or shape.is_structure:
                return False
            held = violation.value
        elif not is_there(value, violation.path):
            return False
        else:
            held = at_path(value, violation.path)
        return isinstance(held, str) and any(pattern.search(held) for pattern in self._placeholders)
