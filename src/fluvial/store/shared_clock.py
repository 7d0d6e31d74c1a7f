"""The database's clock, read without asking the database each time.

Servers whose clocks differ would take each other's leases and mark each other's runs as silent. So they all
go by the database: its time is asked for once a minute, and its difference to this machine's is added.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

ASK_EVERY_S = 60.0
# A machine's clock that was set, or a machine that slept, shows as a jump against the monotonic clock.
JUMP_S = 0.25


class SharedClock:
    """Times of a distant clock.

    Args:
        local: This machine's clock, seconds since the epoch.
    """

    def __init__(self, local: Callable[[], float] = time.time) -> None:
        self._local = local
        self._lock = threading.Lock()
        self._difference_s = 0.0
        self._asked_s = float("-inf")
        self._drift_s = 0.0

    def now_ms(self, ask: Callable[[], float]) -> int:
        """The time there, ms since the epoch.

        Args:
            ask: Asks the distant clock, seconds since the epoch; only called when it is time.
        """
        monotonic_s = time.monotonic()
        local_s = self._local()
        is_due = monotonic_s - self._asked_s > ASK_EVERY_S
        if is_due or abs(local_s - monotonic_s - self._drift_s) > JUMP_S:
            distant_s = ask()
            answered_s = self._local()
            with self._lock:
                self._difference_s = distant_s - (local_s + answered_s) / 2
                self._asked_s = monotonic_s
                self._drift_s = local_s - monotonic_s
            local_s = answered_s
        return int((local_s + self._difference_s) * 1000)
