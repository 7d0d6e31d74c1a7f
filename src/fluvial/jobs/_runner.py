"""Runs the jobs of a server in a thread."""

from __future__ import annotations

import functools
import logging
import os
import socket
import threading
import time
from collections.abc import Sequence

from msgspec import Struct

from fluvial.errors import RequestError
from fluvial.jobs import Job
from fluvial.services.context import Context, Permission
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.store import leases

LEASE_S = 120.0
BACKLOG_EVERY_S = 15.0

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs, each in one server process at a time.

    Args:
        platform: What the jobs work on.
        jobs: What to run.
    """

    def __init__(self, platform: Platform, jobs: Sequence[Job]) -> None:
        self._platform = platform
        self._jobs = [_Scheduled(job) for job in jobs]
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fluvial-jobs", daemon=True)

    def states(self) -> dict[str, JobState]:
        """How each job does, by its name."""
        return {scheduled.job.name: scheduled.state for scheduled in self._jobs}

    def start(self) -> None:
        """Begin."""
        if self._jobs:
            self._thread.start()

    def ask_to_stop(self) -> None:
        """Begin no further job; may be called from a signal handler."""
        self._is_stopping.set()

    def stop(self) -> None:
        """End after the job at hand, and let another server take over at once."""
        self.ask_to_stop()
        if not self._thread.is_alive():
            return
        self._thread.join()
        release = functools.partial(_release, self._holder)
        try:
            self._platform.write_with(Permission.MANAGE, EVERYBODY, release).result()
        except RequestError as error:
            _log.warning("Other servers wait for this one's jobs until its leases run out: %s", error)

    def step(self) -> None:
        """Run the jobs that are due."""
        for scheduled in self._jobs:
            try:
                scheduled.look_at_backlog(self._platform)
                if scheduled.is_due(self._platform.now_ms()) and scheduled.job.is_wanted(self._platform):
                    self._attempt(scheduled)
            except RequestError as error:
                scheduled.note_failure()
                _log.warning("The job %s could not run: %s", scheduled.job.name, error)
            except Exception:  # noqa: BLE001  the outermost frame of the job
                scheduled.note_failure()
                _log.exception("A fault in the job %s", scheduled.job.name)

    def _run(self) -> None:
        pause_s = min(scheduled.job.every_s for scheduled in self._jobs)
        while not self._is_stopping.wait(pause_s):
            self.step()

    def _attempt(self, scheduled: _Scheduled) -> None:
        """Run one job, if no other server does it."""
        job = scheduled.job
        lease_ms = int(max(LEASE_S, 2 * job.every_s) * 1000)
        take = functools.partial(_take, job.name, self._holder, lease_ms)
        if self._platform.write_with(Permission.MANAGE, EVERYBODY, take).result():
            begun_s = time.monotonic()
            job.run(self._platform)
            scheduled.state.n_runs += 1
            scheduled.state.busy_s += time.monotonic() - begun_s


def _take(name: str, holder: str, for_ms: int, context: Context) -> bool:
    return leases.take(context.transaction, name, holder, context.now_ms, for_ms)


def _release(holder: str, context: Context) -> None:
    leases.release(context.transaction, holder)


class JobState(Struct):
    """How a job does in this process.

    Attributes:
        n_runs: How often it ran to its end.
        n_failures: How often it did not.
        busy_s: How long it ran, together.
        backlog: How much there was to do when that was looked at last; none where the job does not say.
    """

    n_runs: int = 0
    n_failures: int = 0
    busy_s: float = 0.0
    backlog: float | None = None


class _Scheduled:
    """A job, and since when this server has been listening without a break."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.listening_since_ms: int | None = None
        self.state = JobState()
        self._looked_ms = 0
        self._looked_at_backlog_s = float("-inf")

    def note_failure(self) -> None:
        """It did not run to its end: who knows for how long this server has been without the database."""
        self.listening_since_ms = None
        self.state.n_failures += 1

    def look_at_backlog(self, platform: Platform) -> None:
        """Find out how much there is to do, now and then."""
        if self.job.backlog and time.monotonic() - self._looked_at_backlog_s > BACKLOG_EVERY_S:
            self._looked_at_backlog_s = time.monotonic()
            self.state.backlog = self.job.backlog(platform)

    def is_due(self, now_ms: int) -> bool:
        """Whether it may run now. A gap, or a clock that jumps, starts the waiting anew."""
        gap_ms = now_ms - self._looked_ms
        if 0 <= gap_ms < 1000 * self.job.every_s:
            return False
        self._looked_ms = now_ms
        if self.listening_since_ms is None or not 0 <= gap_ms <= 1000 * max(4 * self.job.every_s, 10):
            self.listening_since_ms = now_ms
        return now_ms - self.listening_since_ms >= 1000 * self.job.settles_s
