"""A SIGTERM ends the runs of a process, then the process, as it would have without us."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

GRACE_S = 2.0


def end_at_sigterm(end: Callable[[], None], timeout_s: float) -> None:
    """Call something when a SIGTERM ends the process.

    Only where nobody else handles the signal, and only from the main thread: a handler that the program has
    set, before or later, is the program's, and decides what becomes of its runs.

    Args:
        end: What to call.
        timeout_s: How long it may take; the process ends anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return

    def handle(number: int, _: FrameType | None) -> None:
        # In a thread of its own: this one was interrupted anywhere, and may hold a lock that ending needs.
        ending = threading.Thread(target=end, name="fluvial-sigterm", daemon=True)
        ending.start()
        ending.join(timeout_s + GRACE_S)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, handle)
