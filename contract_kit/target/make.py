"""`target_of`: whatever a user has, as a `Target`."""

from __future__ import annotations

import inspect
from typing import Any, Literal, get_args

from botocore.client import BaseClient

from contract_kit.contract.operation import Operation
from contract_kit.errors import UsageError
from contract_kit.protocol.message import Headers
from contract_kit.target.asgi import AsgiTarget
from contract_kit.target.boto import BotoTarget
from contract_kit.target.function import FunctionTarget
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.target.interface import Target, check_url

Kind = Literal["wsgi", "asgi", "function"]
"""What a callable can be."""


def target_of(
    given: object,
    operation: Operation,
    *,
    timeout: float = 5.0,
    headers: Headers = (),
    allowed_host: str | None = None,
    kind: Kind | None = None,
) -> Target:
    """A target for one operation; close it at the end.

    given: a URL, a WSGI or ASGI application, a function from request to result, a boto3 client,
        or a Target, which is returned as it is. An ASGI application is started.
    timeout: seconds for one exchange. headers: sent with every message.
    allowed_host: a host of AWS that the user named on purpose.
    kind: what a callable is, where its signature does not show it.
    Raises UsageError for anything else, TargetError for an application that does not start.
    """
    if isinstance(given, str):
        checked = check_url(given, allowed_host=allowed_host)
        return HttpTarget(checked, timeout=timeout, headers=headers)
    if isinstance(given, BaseClient):
        return BotoTarget(
            given, operation, timeout=timeout, headers=headers, allowed_host=allowed_host
        )
    if isinstance(given, Target):
        return given
    app: Any = given
    match kind or kind_of(given):
        case "wsgi":
            return wsgi_target(app, timeout=timeout, headers=headers)
        case "asgi":
            return AsgiTarget(app, timeout=timeout, headers=headers)
        case "function":
            return FunctionTarget(app, operation, timeout=timeout)


def kind_of(given: object) -> Kind:
    """What a callable is, by how many arguments it takes; raises UsageError."""
    what = getattr(given, "__name__", None) or type(given).__name__
    if not callable(given):
        raise UsageError(
            f"{what} is no target; give a URL, a WSGI or ASGI application, "
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
