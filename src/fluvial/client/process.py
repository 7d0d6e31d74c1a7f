"""What this process was told: settings, tracking URI, experiment; its trackers; and how it ends."""

from __future__ import annotations

import atexit
import functools
import os
import sys
import threading
import time

from fluvial.client.active_run import active_runs, open_runs
from fluvial.client.capture.session import Capture
from fluvial.client.sigterm import end_at_sigterm
from fluvial.client.targets import find_target
from fluvial.client.tracker import Tracker
from fluvial.entities.run import RunStatus
from fluvial.settings import ClientSettings, find_home, read_settings


class Process:
    """The state behind the fluent functions; there is one, `PROCESS`.

    Attributes:
        settings: What the environment said at the first use.
        home: The folder of the embedded store and of the journals.
        experiment_name: Experiment of new runs, by name; or by `experiment_id`.
        experiment_id: The same by id.
        capture: What it captures of its runs by itself.
    """

    def __init__(self, settings: ClientSettings) -> None:
        self.settings = settings
        self.home = find_home(settings.home)
        self.experiment_name = settings.experiment_name
        self.experiment_id = settings.experiment_id
        self.capture = Capture(settings, _active_run_ids)
        self._tracking_uri = settings.tracking_uri
        self._run_id_to_resume = settings.run_id
        self._trackers: dict[str, Tracker] = {}
        self._current: Tracker | None = None
        self._lock = threading.RLock()
        self._exit_pid = 0

    @property
    def tracking_uri(self) -> str:
        """Where new runs are logged to; to the embedded store where nothing was said."""
        return find_target(self._tracking_uri, self.home).uri

    @property
    def is_tracking_uri_set(self) -> bool:
        """Whether anything was said about it."""
        return bool(self._tracking_uri)

    def use(self, tracking_uri: str) -> None:
        """Log new runs there.

        Raises:
            InvalidSetting: There is no such place.
        """
        find_target(tracking_uri, self.home)
        self._tracking_uri = tracking_uri
        self._current = None

    def take_run_id_to_resume(self) -> str:
        """The run that the environment names, the first time; else nothing."""
        run_id, self._run_id_to_resume = self._run_id_to_resume, ""
        return run_id

    def tracker(self) -> Tracker:
        """The tracker of new runs."""
        if self._current is None:
            self._current = self.tracker_of(self._tracking_uri)
        return self._current

    def tracker_of(self, tracking_uri: str) -> Tracker:
        """The tracker of one place."""
        target = find_target(tracking_uri, self.home)
        with self._lock:
            if target.uri not in self._trackers:
                self._trackers[target.uri] = Tracker(target, self.settings, self.home, self._register_exit)
            return self._trackers[target.uri]

    def flush(self, timeout_s: float | None) -> bool:
        """Wait until everything that was logged is where it belongs; returns whether it is."""
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        return self.capture.flush(timeout_s) and all(
            tracker.flush(_left(deadline_s), gives_up=False) for tracker in tuple(self._trackers.values())
        )

    def close(self) -> None:
        """End the runs that are open and send what is left, for a while."""
        self._close(_exit_status(), self.settings.exit_timeout_s)

    def close_killed(self) -> None:
        """The same at a SIGTERM: the runs were killed, and there is less time."""
        self._close(RunStatus.KILLED, self.settings.term_timeout_s)

    def _close(self, status: RunStatus, timeout_s: float) -> None:
        for run in tuple(open_runs.values()):
            run.end(status)
        deadline_s = time.monotonic() + timeout_s
        self.capture.flush(timeout_s)
        for tracker in self._trackers.values():
            tracker.close(_left(deadline_s) or 0.0)

    def after_fork(self) -> None:
        """Begin anew in a forked child: journals, threads and connections are the parent's."""
        self._lock = threading.RLock()
        open_runs.clear()
        self.capture.after_fork()
        for tracker in self._trackers.values():
            tracker.after_fork()

    def _register_exit(self) -> None:
        """See to it that this process closes at its end, also if it is a forked child."""
        if self._exit_pid == os.getpid():
            return
        if not self._exit_pid:
            atexit.register(self.close)
            end_at_sigterm(self.close_killed, self.settings.term_timeout_s)
        self._exit_pid = os.getpid()
        # The children of multiprocessing end without running what is registered with atexit.
        util = sys.modules.get("multiprocessing.util")
        process = sys.modules.get("multiprocessing.process")
        if util is not None and process is not None and process.parent_process() is not None:
            util.Finalize(None, self.close, exitpriority=0)


def _left(deadline_s: float | None) -> float | None:
    return None if deadline_s is None else max(deadline_s - time.monotonic(), 0.0)


def _active_run_ids() -> tuple[str, ...]:
    return tuple(run.run_id for run in active_runs())


def _exit_status() -> RunStatus:
    """How runs end that nobody ended before the process did."""
    error = getattr(sys, "last_value", None)
    if error is None or hasattr(sys, "ps1"):  # in a console, that was some earlier line
        return RunStatus.FINISHED
    return RunStatus.KILLED if isinstance(error, KeyboardInterrupt) else RunStatus.FAILED


@functools.cache
def this_process() -> Process:
    """The state of this process, made at the first use.

    Raises:
        InvalidSetting: The environment has a `FLUVIAL_` variable that is unknown or has no such value.
    """
    process = Process(read_settings(ClientSettings, os.environ))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=process.after_fork)
    return process
