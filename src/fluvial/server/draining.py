"""Stopping without a request that fails: say so first, then finish what has begun."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Draining:
    """Whether the server is about to stop.

    Args:
        delay_s: How long it goes on after the first signal, so that load balancers notice.
        on_begin: Called once, at the first signal; may be called from a signal handler.

    Attributes:
        has_begun: It is about to stop: it is not ready, and closes each connection after its answer.
    """

    def __init__(self, delay_s: float, on_begin: Callable[[], None]) -> None:
        self.has_begun = False
        self._delay_s = delay_s
        self._on_begin = on_begin

    def catch_signals(self) -> None:
        """Come before whoever handles the signals now. On the event loop's thread."""
        if threading.current_thread() is not threading.main_thread():
            return  # signals are for the main thread; whoever runs the loop elsewhere stops it otherwise
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            previous = signal.getsignal(number)
            if not callable(previous):
                continue

            def handle(
                signum: int,
                frame: FrameType | None,
                stop: Callable[[int, FrameType | None], object] = previous,
            ) -> None:
                if self._begin() and self._delay_s > 0:
                    loop.call_soon_threadsafe(loop.call_later, self._delay_s, stop, signum, frame)
                else:
                    stop(signum, frame)

            signal.signal(number, handle)

    def _begin(self) -> bool:
        is_first = not self.has_begun
        self.has_begun = True
        if is_first:
            self._on_begin()
        return is_first
