"""Enumerations that take more, or fewer, values than they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.reference.faults.changes import dropping, rejudging
from contract_kit.reference.faults.enforcement import always_there, request_constraints
from contract_kit.reference.faults.fault import Fault
from contract_kit.validate.violation import Violation

Judge = Callable[[tuple[str, ...], str], bool]

JUDGES: dict[str, tuple[str, Judge]] = {
    "case-ignored": ("in any case", lambda values, text: text.upper() in _upper(values)),
    "lower-case-taken": (
        "as they are or in lower case",
        lambda values, text: text in values or text in {value.lower() for value in values},
    ),
    "stripped": ("with blanks around", lambda values, text: text.strip() in values),
    "left-stripped": ("with blanks before", lambda values, text: text.lstrip() in values),
    "right-stripped": ("with blanks after", lambda values, text: text.rstrip() in values),
    "trailing-newline-taken": (
        "with a newline after",
        lambda values, text: text.removesuffix("\n") in values,
    ),
    "prefix-taken": (
        "cut short, though not empty",
        lambda values, text: text != "" and any(value.startswith(text) for value in values),
    ),
    "suffix-taken": (
        "with more after",
        lambda values, text: any(text.startswith(value) for value in values),
    ),
    "contained": ("inside other text", lambda values, text: any(value in text for value in values)),
    "substring-taken": (
        "or any part of one",
        lambda values, text: any(text in value for value in values),
    ),
    "empty-taken": ("or empty", lambda values, text: text in (*values, "")),
    "any-upper-case-word-taken": (
        "or any other upper-case word",
        lambda values, text: text in values or re.fullmatch("[A-Z][A-Z_]*", text) is not None,
    ),
    "not-blank-taken": (
        "or anything that is not empty",
        lambda values, text: text in values or text != "",
    ),
}
"""Whether a text is taken for one of the values, by comparisons that are too generous."""


def enum_faults(operation: Operation) -> Iterator[Fault]:
    """Each enumeration at each location compared otherwise, and without each of its values."""
    values = {value for shape in operation.shapes.values() for value in shape.enum}
    for constraint in request_constraints(operation):
        if constraint.kind != "enum":
            continue
        own = tuple(constraint.limit)
        for slug, (words, judge) in JUDGES.items():
            yield _fault(operation, constraint, slug, f"takes values {words}", _with(own, judge))
        for value in own:
            if len(own) > 1 or not always_there(operation, constraint.location):
                rest = tuple(other for other in own if other != value)
                yield _fault(
                    operation, constraint, f"{value}-refused", f"lacks {value}", _among(rest)
                )
        if values - set(own):
            every = (*own, *values)
            yield _fault(
                operation,
                constraint,
                "others-taken",
                "takes the values of the operation's other enumerations",
                _among(every),
            )
        yield _by_index(operation, constraint)


def _upper(values: tuple[str, ...]) -> set[str]:
    return {value.upper() for value in values}


def _with(values: tuple[str, ...], judge: Judge) -> Callable[[Json], bool]:
    return lambda text: judge(values, text)


def _among(values: tuple[str, ...]) -> Callable[[Json], bool]:
    return lambda text: text in values


def _fault(
    operation: Operation,
    constraint: Constraint,
    slug: str,
    words: str,
    holds: Callable[[Json], bool],
) -> Fault:
    what = "value refused" if slug.endswith("-refused") else slug.replace("-", " ")
    return Fault(
        name=f"{constraint.id}/{slug}",
        mechanism=f"enumeration: {what}",
        description=f"{words} at {constraint.id}",
        install=rejudging(operation, constraint, holds),
    )


def _by_index(operation: Operation, constraint: Constraint) -> Fault:
    """Integers that count the values from 0, as a decoder of enumerations may take them."""
    type_id = f"{constraint.id.removesuffix('.enum')}.type"

    def overlooked(violation: Violation, request: Json) -> bool:
        index = violation.value
        known = isinstance(index, int) and 0 <= index < len(constraint.limit)
        return violation.constraint == type_id and known

    return Fault(
        name=f"{constraint.id}/index-taken",
        mechanism="enumeration: index taken",
        description=f"takes a value's number for the value at {constraint.id}",
        install=dropping(operation, overlooked),
    )
