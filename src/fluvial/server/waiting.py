"""Waiting, on the event loop, for work that another thread does."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any


class Waiting:
    """Tasks that wait for futures of other threads. For the event loop's thread.

    Requests that share a transaction wait for one future, and the loop is woken once for all of them:
    `asyncio.wrap_future` wakes it for each.
    """

    def __init__(self) -> None:
        self._waiters: dict[Future[Any], list[asyncio.Future[None]]] = {}

    async def until_done(self, future: Future[Any]) -> None:
        """Return when the future is done, however it ended."""
        waiters = self._waiters.get(future)
        loop = asyncio.get_running_loop()
        if waiters is None:
            waiters = self._waiters[future] = []
            future.add_done_callback(lambda done: self._tell(loop, done))
        waiter: asyncio.Future[None] = loop.create_future()
        waiters.append(waiter)
        await waiter

    def _tell(self, loop: asyncio.AbstractEventLoop, future: Future[Any]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, future)

    def _wake(self, future: Future[Any]) -> None:
        for waiter in self._waiters.pop(future):
            if not waiter.done():
                waiter.set_result(None)
