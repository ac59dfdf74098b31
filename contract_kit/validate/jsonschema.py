"""The documents of contracts as users of the library `jsonschema` read them.

`jsonschema` takes a trailing newline where a pattern ends with `$`, NaN for a number, and lone
surrogates for text; and it ignores `x-contract`.
"""

from __future__ import annotations

import binascii
import math
from collections.abc import Iterator

import jsonschema
import regress

from contract_kit.contract.shape import INTEGER_BITS, Json

__all__ = ["ContractValidator"]


def _is_text(checker: object, value: Json) -> bool:
    """Unicode scalar values only: a lone surrogate has no UTF-8 form."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _is_number(checker: object, value: Json) -> bool:
    """A finite number that a double can hold, not a boolean."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1024


def _is_integer(checker: object, value: Json) -> bool:
    """5.0 is one, as JSON Schema says."""
    return _is_number(checker, value) and bool(value == int(value))


def _pattern(
    validator: Json, pattern: str, value: Json, schema: Json
) -> Iterator[jsonschema.ValidationError]:
    """`pattern` in the ECMA-262 dialect, whose `$` is the very end."""
    if validator.is_type(value, "string") and regress.Regex(pattern, "u").find(value) is None:
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _facts(
    validator: Json, facts: Json, value: Json, schema: Json
) -> Iterator[jsonschema.ValidationError]:
    """The width of integers, lengths of blobs in bytes, and patterns of no portable form."""
    bits = INTEGER_BITS.get(facts.get("type"))
    if (
        bits
        and validator.is_type(value, "integer")
        and not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)
    ):
        yield jsonschema.ValidationError(f"not an integer of {bits} bits", validator="type")
    if not validator.is_type(value, "string"):
        return
    if facts.get("type") == "blob":
        yield from _blob(facts.get("bounds", {}), value)
    elif "pattern" in facts and not {"pattern", "allOf", "not"} & schema.keys():
        # It has no portable form.
        pattern = f"^(?:{facts['pattern']})$"
        try:
            matches = regress.Regex(pattern, "u").find(value)
        except regress.RegressError:
            return  # Java knows escapes that ECMA-262 does not.
        if matches is None:
            yield jsonschema.ValidationError(
                f"{value!r} does not match {pattern!r}", validator="pattern"
            )


def _blob(bounds: Json, value: str) -> Iterator[jsonschema.ValidationError]:
    """Base64, whose length is that of its bytes."""
    try:
        size = len(binascii.a2b_base64(value.encode(), strict_mode=True))
    except binascii.Error:
        yield jsonschema.ValidationError(f"{value!r} is not base64", validator="type")
        return
    if size < bounds.get("minLength", 0):
        yield jsonschema.ValidationError(f"{size} bytes are too few", validator="minLength")
    if size > bounds.get("maxLength", math.inf):
        yield jsonschema.ValidationError(f"{size} bytes are too many", validator="maxLength")


ContractValidator = jsonschema.validators.extend(  # type: ignore[no-untyped-call] # it has no types
    jsonschema.Draft202012Validator,
    {"pattern": _pattern, "x-contract": _facts},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"string": _is_text, "number": _is_number, "integer": _is_integer}
    ),
)
ContractValidator.__module__ = __name__
ContractValidator.__doc__ = """A `jsonschema` validator class that reads contracts as meant.

Patterns are those of ECMA-262 and hold for the whole string; numbers are finite and fit their type;
blobs are base64, their lengths in bytes; text has a UTF-8 form.

>>> from contract_kit import operation
>>> document = operation("mailmanager:GetArchive").request
>>> ContractValidator(document).is_valid({"ArchiveId": "a-1"})
True
>>> ContractValidator(document).is_valid({"ArchiveId": "a" * 67})
False
"""
