"""Which rules of the user's own a request breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.validate.violation import Violation, message

if TYPE_CHECKING:
    from contract_kit.contract.rules import Rule


def broken_rules(
    operation: Operation, request: Json, others: tuple[Violation, ...] = ()
) -> Iterator[Violation]:
    """A violation for each rule and structure that breaks it.

    others: further violations of the request. A value that is wrong in itself breaks no rule.
    """
    if not operation.rules:
        return
    # Most operations have none, and loading them takes a fiftieth of checking a small file.
    from contract_kit.contract.rules import structures

    for rule in operation.rules:
        for path, structure in structures(request, rule.parent):
            here = (*path, rule.members[0])
            if rule.kind == "values" and any(each.path[: len(here)] == here for each in others):
                continue
            if rule.is_broken(structure):
                if structure.get(rule.members[0]) is None:
                    here = (*path, _first_given(rule, structure))
                value = structure.get(here[-1])
                text = message(value, here, rule.words)
                yield Violation(constraint=rule.id, path=here, value=value, message=text)


def _first_given(rule: Rule, structure: Json) -> str:
    """The first member of a rule that a structure has; an empty value counts."""
    return next(name for name in rule.members if structure.get(name) is not None)
