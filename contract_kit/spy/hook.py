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

aiobotocore, below aioboto3, has coroutines of the first three names in a class of its own. They are
wrapped once it is imported, which a new client shows at the latest: this module never imports it.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import inspect
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.client import BaseClient
from botocore.hooks import EventAliaser

from contract_kit.spy.seen import Seen
from contract_kit.spy.site import call_site
from contract_kit.spy.snapshot import snapshot

Watcher = Callable[[Seen], None]
Method = tuple[type, str]

WRAPPED: tuple[Method, ...] = (
    (BaseClient, "__init__"),
    (BaseClient, "_make_api_call"),
    (BaseClient, "_emit_api_params"),
    (BaseClient, "_make_request"),
    (EventAliaser, "emit_until_response"),
)
"""The methods of botocore that are wrapped."""

_current: contextvars.ContextVar[Seen | None] = contextvars.ContextVar("_current", default=None)
"""The call that this thread or task is in: a call inside a call is one of its own."""


class _Wrapping:
    """One wrapping of botocore's methods. watchers: who gets each call; without any it passes on.

    Each has wrappers of its own: code that wraps one of them in turn and unwraps it too late
    restores one that nobody listens to.
    """

    def __init__(self) -> None:
        self.watchers: tuple[Watcher, ...] = ()
        self._originals: dict[Method, Any] = {}
        self._wrappers: dict[Method, Any] = {}

    def install(self) -> None:
        """Puts the wrappers in place."""
        self._wrap(WRAPPED, (_created, _called, _checked, _requested, _emitted))
        self.install_async()

    def install_async(self) -> None:
        """Puts those of aiobotocore in place, once it is there."""
        client = getattr(sys.modules.get("aiobotocore.client"), "AioBaseClient", None)
        if client is None or (client, "_make_api_call") in self._originals:
            return
        names = ("_make_api_call", "_emit_api_params", "_make_request")
        self._wrap(
            [(client, name) for name in names],
            (_called_async, _checked_async, _requested_async),
        )

    def _wrap(self, methods: Sequence[Method], makers: Sequence[_Maker]) -> None:
        for (owner, name), make in zip(methods, makers, strict=True):
            original = self._originals[owner, name] = vars(owner)[name]
            wrapper = self._wrappers[owner, name] = make(self, original)
            setattr(owner, name, wrapper)

    def uninstall(self) -> None:
        """Puts back what was there, except below a wrapper of someone else."""
        for (owner, name), wrapper in self._wrappers.items():
            if vars(owner)[name] is wrapper:
                setattr(owner, name, self._originals[owner, name])

    def begun(self, client: Any, operation_name: str, frame: Any) -> Seen | None:
        """A call that begins, as all watchers get it; None without any."""
        watchers = self.watchers
        if not watchers:
            return None
        file, line = call_site(frame)
        seen = Seen(client.meta.service_model, operation_name, file, line)
        for watcher in watchers:
            watcher(seen)
        return seen


_Maker = Callable[[_Wrapping, Any], Any]
"""Makes the wrapper of a method for a wrapping."""

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


@contextlib.contextmanager
def _running(seen: Seen, api_params: Any) -> Iterator[None]:
    """A call that lasts as long as the context."""
    token = _current.set(seen)
    try:
        yield
    except BaseException as error:
        seen.failed(error)
        raise
    finally:
        # A coroutine that is thrown away ends in another context than it began in.
        with contextlib.suppress(ValueError):
            _current.reset(token)
        if seen.params is None:
            seen.params = snapshot(api_params)
        seen.done = True


def _returned(seen: Seen, result: Any) -> Any:
    if seen.reply is None:
        # Someone answered in botocore's place.
        seen.replied(result)
    return result


def _created(wrapping: _Wrapping, original: Any) -> Any:
    @functools.wraps(original)
    def created(self: Any, *args: Any, **kwargs: Any) -> None:
        with _lock:
            if wrapping.watchers:
                wrapping.install_async()
        original(self, *args, **kwargs)

    return created


def _called(wrapping: _Wrapping, original: Any) -> Any:
    def _make_api_call(self: Any, operation_name: str, api_params: Any) -> Any:
        seen = wrapping.begun(self, operation_name, sys._getframe(1))
        if seen is None:
            return original(self, operation_name, api_params)
        with _running(seen, api_params):
            return _returned(seen, original(self, operation_name, api_params))

    return _make_api_call


def _called_async(wrapping: _Wrapping, original: Any) -> Any:
    async def call(seen: Seen, self: Any, operation_name: str, api_params: Any) -> Any:
        with _running(seen, api_params):
            return _returned(seen, await original(self, operation_name, api_params))

    def _make_api_call(self: Any, operation_name: str, api_params: Any) -> Any:
        # Not a coroutine itself: where it is called is not where it is awaited.
        seen = wrapping.begun(self, operation_name, sys._getframe(1))
        if seen is None:
            return original(self, operation_name, api_params)
        return call(seen, self, operation_name, api_params)

    return _make_api_call


def _checked(wrapping: _Wrapping, original: Any) -> Any:
    def _emit_api_params(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _note_params(original(self, *args, **kwargs))

    return _emit_api_params


def _checked_async(wrapping: _Wrapping, original: Any) -> Any:
    async def _emit_api_params(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _note_params(await original(self, *args, **kwargs))

    return _emit_api_params


def _note_params(params: Any) -> Any:
    seen = _current.get()
    if seen is not None and seen.params is None:
        seen.params = snapshot(params)
    return params


def _requested(wrapping: _Wrapping, original: Any) -> Any:
    def _make_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _note_answer(original(self, *args, **kwargs))

    return _make_request


def _requested_async(wrapping: _Wrapping, original: Any) -> Any:
    async def _make_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _note_answer(await original(self, *args, **kwargs))

    return _make_request


def _note_answer(answer: Any) -> Any:
    seen = _current.get()
    if seen is not None and answer is not None:
        seen.answered(*answer)
    return answer


def _emitted(wrapping: _Wrapping, original: Any) -> Any:
    async def awaited(answer: Any) -> Any:
        handler, response = await answer
        return handler, _note_answer(response)

    def emit_until_response(self: Any, event_name: str, **kwargs: Any) -> Any:
        answer = original(self, event_name, **kwargs)
        if not event_name.startswith("before-call."):
            return answer
        if inspect.isawaitable(answer):
            return awaited(answer)
        _note_answer(answer[1])
        return answer

    return emit_until_response
