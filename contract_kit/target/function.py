"""Python functions: a request goes in as a dict, a result comes out, an exception is an error."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import NotExpressible
from contract_kit.target.alarm import AlarmError, alarm
from contract_kit.target.failures import said_by
from contract_kit.target.interface import Abilities
from contract_kit.target.loop import LoopLateError, LoopThread, held
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_in, wire_of, wires_of
from contract_kit.wire.wire import Wire

Function = Callable[[dict[str, Any]], Any]


class FunctionTarget:
    """A function in our own process. timeout: seconds, which one that is not async can only be held
    to where an alarm can interrupt it.

    An exception names an error with its attribute `code` (a string), with `response` as botocore's
    ClientError has it, or with its class. Classes of Python itself are accidents, unless the
    operation documents an error of that name.

    Messages may be of any protocol of the operation. Raises UsageError for one that lists none that
    the kit speaks.
    """

    abilities = Abilities(in_process=True, reached_by_url=False)

    def __init__(
        self,
        function: Function,
        operation: Operation,
        *,
        timeout: float = 5.0,
    ) -> None:
        self._function = function
        self._operation = operation
        wire_of(operation)
        self._wires = wires_of(operation)
        self._timeout = timeout
        self._loop = LoopThread() if _is_async(function) else None

    @property
    def url(self) -> str:
        """A host that does not exist; nothing is sent there."""
        return "http://function.invalid"

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Calls the function; a message that no dict can say is not expressible."""
        wire = wire_in(self._wires, message)
        try:
            request = wire.request_of(message)
        except NotExpressible as error:
            detail = f"a function takes requests, not messages: {error}"
            return Reply(failure="not-expressible", detail=detail, over_http=False)
        limit = self._timeout if timeout is None else min(timeout, self._timeout)
        try:
            result = self._call(request, limit)
        except (LoopLateError, AlarmError):
            detail = f"no result within {limit:g} s"
            return Reply(failure="timeout", detail=detail, over_http=False)
        except (Exception, SystemExit) as error:
            return self._raised(wire, error)
        return self._result(wire, result)

    def _call(self, request: Json, limit: float) -> Json:
        if self._loop is None:
            with alarm(limit):
                return self._function(request)
        result = self._loop.run(held(self._function(request)), limit)
        if isinstance(result, SystemExit):
            raise result
        return result

    def _result(self, wire: Wire, result: Json) -> Reply:
        try:
            reply = wire.result_reply(result)
        except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
            detail = f"the function returned what no reply can hold: {error}"
            return Reply(failure="raised", detail=detail, over_http=False)
        return _by_value(reply)

    def _raised(self, wire: Wire, error: BaseException) -> Reply:
        name, text = self._named(error)
        if name:
            return _by_value(wire.error_reply(name, text))
        detail = f"the function raised {type(error).__name__}: {text}"
        return Reply(failure="raised", detail=detail, over_http=False)

    def _named(self, error: BaseException) -> tuple[str, str]:
        """The name of the error that an exception stands for, and its text; no name if none."""
        if isinstance(error, SystemExit):
            # Its `code` is what the process says to its parent.
            return "", said_by(error)
        code = getattr(error, "code", None)
        if isinstance(code, str) and code:
            return code, said_by(error)
        response = getattr(error, "response", None)
        said = response.get("Error") if isinstance(response, dict) else None
        if isinstance(said, dict) and isinstance(said.get("Code"), str):
            return said["Code"], str(said.get("Message", ""))
        kind = type(error)
        own = kind.__module__.partition(".")[0] not in sys.stdlib_module_names
        documented = any(known.name == kind.__name__ for known in self._operation.errors)
        return (kind.__name__ if own or documented else "", said_by(error))

    def renew(self) -> None:
        """There is no connection."""

    def close(self) -> None:
        """Ends the thread in which an async function ran."""
        if self._loop is not None:
            self._loop.close()


def _is_async(function: Function) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - an object with an async call
    )


def _by_value(reply: Reply) -> Reply:
    return Reply(status=reply.status, headers=reply.headers, body=reply.body, over_http=False)
