"""A background thread that does its work again and again, and waits out what goes wrong."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from fluvial.errors import RequestError, TooManyRequests

INTERVAL_S = 0.2
# Work that takes 3 ms of processor time every second is 0.3 % of a core; it is done seldomer, not oftener.
MAX_INTERVAL_S = 1.0
MAX_SHARE_OF_CORE = 1 / 300
FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 30.0
MAX_WANTED_PAUSE_S = 600.0

_log = logging.getLogger("fluvial")


class Worker:
    """A daemon thread. Nothing that goes wrong in it reaches the program.

    After a failure it pauses, each time about twice as long, up to 30 s, or as long as the
    server asks. The first failure in a row is logged, and so is the end of the row.

    Args:
        name: Of the thread.
        work: Does what there is to do and returns; raises where it has to be tried again.
        task: What it does, as the subject of a sentence.
        comfort: What the log says after the reason of a failure.

    Attributes:
        last_error: Why the latest try failed; none if it did not.
    """

    def __init__(self, name: str, work: Callable[[], None], task: str, comfort: str) -> None:
        self.last_error: Exception | None = None
        self._work = work
        self._task = task
        self._comfort = comfort
        self._n_begun = 0
        self._n_ended = 0
        self._n_failures = 0
        self._is_stopping = False
        self._wake = threading.Event()
        self._tried = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the work at hand; wait for that for a while."""
        self._is_stopping = True
        self._wake.set()
        self._thread.join(timeout_s)

    def wait_until(self, is_done: Callable[[], bool], timeout_s: float | None, *, gives_up: bool) -> bool:
        """Work now, and wait until something is done.

        Args:
            is_done: What to wait for; asked after each try.
            timeout_s: How long to wait at most.
            gives_up: Return after the first failure that begins from now on; else wait it out. A server
                that is there and asks to come again is no failure.

        Returns:
            Whether it is done.
        """
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        with self._tried:
            n_begun = self._n_begun

            def is_over() -> bool:
                # The try under way may have begun before what is waited for was there.
                has_failed = (
                    self.last_error is not None and not self._is_put_off() and self._n_ended > n_begun
                )
                return is_done() or self._is_stopping or (gives_up and has_failed)

            while not is_over():
                if not self._is_put_off():
                    self._wake.set()
                left_s = None if deadline_s is None else deadline_s - time.monotonic()
                if not self._tried.wait(left_s):
                    break
            return is_done()

    def _is_put_off(self) -> bool:
        return isinstance(self.last_error, TooManyRequests)

    def _run(self) -> None:
        pause_s = INTERVAL_S
        while not self._is_stopping:
            self._wake.wait(pause_s)
            self._wake.clear()
            self._n_begun += 1
            begun_s = time.thread_time()
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - the outermost frame of the thread
                pause_s = self._pause_after(error)
            else:
                taken_s = time.thread_time() - begun_s
                pause_s = min(max(INTERVAL_S, taken_s / MAX_SHARE_OF_CORE), MAX_INTERVAL_S)
                self._note_success()
            with self._tried:
                self._n_ended = self._n_begun
                self._tried.notify_all()

    def _pause_after(self, error: Exception) -> float:
        if not self._n_failures:
            _log.warning("%s failed: %s %s", self._task, error, self._comfort)
        self.last_error = error
        self._n_failures += 1
        pause_s = min(FIRST_PAUSE_S * 2.0 ** (self._n_failures - 1), MAX_PAUSE_S)
        wanted_s = error.retry_after_s if isinstance(error, RequestError) else 0.0
        pause_s = max(pause_s * random.uniform(0.5, 1.0), min(wanted_s, MAX_WANTED_PAUSE_S))  # noqa: S311
        return pause_s * random.uniform(1.0, 1.1)  # noqa: S311 - so that clients do not all come at once

    def _note_success(self) -> None:
        if self._n_failures:
            _log.warning("%s works again.", self._task)
        self.last_error = None
        self._n_failures = 0
