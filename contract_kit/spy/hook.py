"""Sees every call of every botocore client, while someone watches.

Four methods are wrapped on botocore's classes, since no public way sees as much. Events
(`client.meta.events`, or the components of a session) belong to one session and are copied
into each client: they miss clients that exist already and sessions made elsewhere, and none
reports that a call ended with an exception. Mocks answer below these methods (moto and
botocore's Stubber through events, `responses` and servers further down), so that a call looks
the same with any of them, and retries of one call are one call.

- `BaseClient._make_api_call`: begin and end of a call. boto3's resources, paginators and
  waiters arrive here as well.
- `BaseClient._emit_api_params`: parameters as botocore checks and sends them, after handlers
  have translated them: a DynamoDB table's Python values, S3's defaults, idempotency tokens.
- `BaseClient._make_request` and, for stubs, `EventAliaser.emit_until_response`: the reply
  before handlers translate it for the caller.
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.hooks import EventAliaser

from contract_kit.spy.seen import Seen
from contract_kit.spy.site import call_site
from contract_kit.spy.snapshot import snapshot

Watcher = Callable[[Seen], None]
Method = tuple[type, str]

WRAPPED: tuple[Method, ...] = (
    (BaseClient, "_make_api_call"),
    (BaseClient, "_emit_api_params"),
    (BaseClient, "_make_request"),
    (EventAliaser, "emit_until_response"),
)

_current: contextvars.ContextVar[Seen | None] = contextvars.ContextVar("_current", default=None)
"""The call that this thread is in: a call inside a call is one of its own."""


class _Wrapping:
    """One wrapping of botocore's methods. watchers: who gets each call; without any it passes on.

    Each has wrappers of its own: whoever wraps one of them in turn and takes that off too late
    puts back one that nobody listens to.
    """

    def __init__(self) -> None:
        self.watchers: tuple[Watcher, ...] = ()
        self._originals: dict[Method, Any] = {}
        self._wrappers: Mapping[Method, Any] = {}

    def install(self) -> None:
        """Puts the wrappers in place."""
        self._originals = {(owner, name): vars(owner)[name] for owner, name in WRAPPED}
        make = (_calls(self, self._originals[WRAPPED[0]]), *_parts(self._originals))
        self._wrappers = dict(zip(WRAPPED, make, strict=True))
        for (owner, name), wrapper in self._wrappers.items():
            setattr(owner, name, wrapper)

    def uninstall(self) -> None:
        """Puts back what was there, except below a wrapper of someone else."""
        for (owner, name), wrapper in self._wrappers.items():
            if vars(owner)[name] is wrapper:
                setattr(owner, name, self._originals[owner, name])


_wrapping = _Wrapping()
_lock = threading.Lock()


def watch(watcher: Watcher) -> None:
    """Passes a watcher each call that begins from now on, in any thread."""
    global _wrapping
    with _lock:
        if not _wrapping.watchers:
            _wrapping = _Wrapping()
            _wrapping.install()
        _wrapping.watchers = (*_wrapping.watchers, watcher)


def unwatch(watcher: Watcher) -> None:
    """Stops passing calls to a watcher; after the last one, botocore is as it was."""
    with _lock:
        left = tuple(other for other in _wrapping.watchers if other is not watcher)
        _wrapping.watchers = left
        if not left:
            _wrapping.uninstall()


def _calls(wrapping: _Wrapping, original: Any) -> Any:
    """The wrapper that sees a call begin and end."""

    def _make_api_call(self: Any, operation_name: str, api_params: Any) -> Any:
        watchers = wrapping.watchers
        if not watchers:
            return original(self, operation_name, api_params)
        file, line = call_site(sys._getframe(1))
        seen = Seen(self.meta.service_model, operation_name, file, line)
        for watcher in watchers:
            watcher(seen)
        token = _current.set(seen)
        try:
            result = original(self, operation_name, api_params)
            if seen.reply is None:
                # Someone answered in botocore's place.
                seen.replied(result)
            return result
        except BaseException as error:
            seen.failed(error)
            raise
        finally:
            _current.reset(token)
            if seen.params is None:
                seen.params = snapshot(api_params)
            seen.done = True

    return _make_api_call


def _parts(originals: Mapping[Method, Any]) -> tuple[Any, Any, Any]:
    """The wrappers that see what is sent and what comes back within a call."""
    emit_api_params, make_request, until_response = (originals[part] for part in WRAPPED[1:])

    def _emit_api_params(self: Any, *args: Any, **kwargs: Any) -> Any:
        params = emit_api_params(self, *args, **kwargs)
        seen = _current.get()
        if seen is not None and seen.params is None:
            seen.params = snapshot(params)
        return params

    def _make_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = make_request(self, *args, **kwargs)
        seen = _current.get()
        if seen is not None:
            seen.answered(*answer)
        return answer

    def emit_until_response(self: Any, event_name: str, **kwargs: Any) -> Any:
        answer = until_response(self, event_name, **kwargs)
        if event_name.startswith("before-call."):
            seen = _current.get()
            if seen is not None and answer[1] is not None:
                seen.answered(*answer[1])
        return answer

    return _emit_api_params, _make_request, emit_until_response
