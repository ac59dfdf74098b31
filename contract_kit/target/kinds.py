"""The kinds of callables that can be a target, inferred from their signatures."""

from __future__ import annotations

import inspect
from typing import Literal, get_args

from contract_kit.errors import UsageError

Kind = Literal["wsgi", "asgi", "function"]


def kind_of(given: object) -> Kind:
    """The kind of a callable, by the number of its arguments; raises UsageError."""
    what = getattr(given, "__name__", None) or type(given).__name__
    if not callable(given):
        raise UsageError(
            f"{what} is not a target; give a URL, a WSGI or ASGI application, "
            "a function from request to result, or a boto3 client"
        )
    try:
        counts = _counts(inspect.signature(given))
    except (TypeError, ValueError):
        counts = []
    kinds: dict[int, Kind] = {1: "function", 2: "wsgi", 3: "asgi"}
    if 0 in counts and len(counts) == 1:
        raise UsageError(f"{what} takes no argument; give the application that it makes")
    # Arguments with defaults are for the function's author.
    for count in counts:
        if count in kinds:
            return kinds[count]
    raise UsageError(
        f"{what} may be an application or a function; say which: {', '.join(get_args(Kind))}"
    )


def _counts(signature: inspect.Signature) -> list[int]:
    """How many positional arguments a call may have, the required ones first; empty if any."""
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = signature.parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters):
        return []
    taken = [parameter for parameter in parameters if parameter.kind in positional]
    required = [one for one in taken if one.default is inspect.Parameter.empty]
    return list(range(len(required), len(taken) + 1))
