"""`target_of`: makes a `Target` of a URL, an application, a function or a client."""

from __future__ import annotations

from typing import Any

from botocore.client import BaseClient

from contract_kit.contract.operation import Operation
from contract_kit.target.asgi import AsgiTarget
from contract_kit.target.boto import BotoTarget
from contract_kit.target.function import FunctionTarget
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.target.interface import Target, check_url
from contract_kit.target.kinds import Kind, kind_of
from contract_kit.target.tls import Tls
from contract_kit.wire.message import Headers


def target_of(
    given: object,
    operation: Operation,
    *,
    timeout: float = 5.0,
    headers: Headers = (),
    allowed_host: str | None = None,
    kind: Kind | None = None,
    tls: Tls | None = None,
) -> Target:
    """A target for one operation; close it at the end.

    given: a URL, a WSGI or ASGI application, a function from request to result, a boto3 client,
        or a Target, which is returned as it is. An ASGI application is started.
    timeout: seconds for one exchange. headers: sent with every message.
    allowed_host: a host of AWS that the user named on purpose.
    kind: the kind of a callable, if its signature is ambiguous.
    tls: whom to trust at a URL; by default as the environment or the boto3 client says.
    Raises UsageError for anything else, TargetError for an application that does not start.

    >>> from contract_kit import operation
    >>> def get_archive(request):
    ...     return {"ArchiveId": request["ArchiveId"]}
    >>> target_of(get_archive, operation("mailmanager:GetArchive")).url
    'http://function.invalid'
    """
    if isinstance(given, str):
        checked = check_url(given, allowed_host=allowed_host)
        return HttpTarget(checked, timeout=timeout, headers=headers, tls=tls)
    if isinstance(given, BaseClient):
        return BotoTarget(
            given,
            operation,
            timeout=timeout,
            headers=headers,
            allowed_host=allowed_host,
            tls=tls,
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
