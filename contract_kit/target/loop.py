"""An event loop in a thread of its own, for what is asynchronous in our own process."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

GRACE = 1.0
"""Seconds that tasks which were cancelled have to end in."""


class LoopThread:
    """Runs coroutines one at a time, from any thread, whatever loop runs there."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], limit: float | None) -> T:
        """The result of a coroutine; raises LoopLateError after `limit` seconds, and cancels it.

        What the coroutine itself raises comes through. One that never awaits cannot be cancelled:
        it keeps the loop until it ends.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        done, _ = concurrent.futures.wait([future], timeout=limit)
        if not done:
            future.cancel()
            raise LoopLateError
        return future.result()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> concurrent.futures.Future[None]:
        """Lets a coroutine run beside the others."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    @property
    def closed(self) -> bool:
        """Whether its thread has ended."""
        return self._loop.is_closed()

    def close(self) -> None:
        """Cancels what still runs, and ends the thread."""
        if self.closed:
            return
        try:
            self.run(_cancel_all(), GRACE)
        except LoopLateError:
            # Something computes and cannot be stopped; the thread ends with the process.
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class LoopLateError(Exception):
    """A coroutine that took too long. Not TimeoutError, which the coroutine may raise itself."""


async def held(awaitable: Awaitable[T]) -> T | SystemExit:
    """The result, or the SystemExit that would have ended the loop and its thread."""
    try:
        return await awaitable
    except SystemExit as left:
        return left


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
