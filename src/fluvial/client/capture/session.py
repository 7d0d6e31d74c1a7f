"""What this process captures: begins with its first run, follows each to its end, never stands in its way."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from fluvial.client.capture.console import Console
from fluvial.client.capture.diff import Uncommitted, read_uncommitted
from fluvial.client.capture.environment import environment_tags
from fluvial.client.capture.git import Repository
from fluvial.client.capture.packages import requirements_lock
from fluvial.client.capture.run_capture import SYSTEM_PREFIX, BegunRun, RunCapture
from fluvial.client.capture.seeds import Seeds
from fluvial.client.capture.source import command_tags, machine_tags, source_folder, source_tags
from fluvial.settings import ClientSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.client.capture.machine import Machine  # loads psutil

DIRTY_TAG = "fluvial.git.dirty"
FIRST_SAVE_S = 5.0
MAX_SAVE_S = 120.0

_log = logging.getLogger("fluvial")


class Sampling(Struct):
    """How system metrics are taken; changes as the user says.

    Attributes:
        is_on: For runs that do not say it themselves.
        interval_s: Between two samples.
        n_samples: How many make one point, their mean.
        node_id: Name of this machine, where a run has several.
    """

    is_on: bool
    interval_s: float
    n_samples: int
    node_id: str


class Capture:
    """What is captured in this process.

    What is known at once becomes tags of a run's start. The rest is the work of a thread of its own, which
    sleeps almost always; nothing that goes wrong there reaches the program.

    Args:
        settings: Of this process.
        active_run_ids: The runs that are active in the calling thread.

    Attributes:
        sampling: How system metrics are taken.
    """

    def __init__(self, settings: ClientSettings, active_run_ids: Callable[[], tuple[str, ...]]) -> None:
        self.sampling = Sampling(
            settings.capture and settings.capture_system_metrics,
            settings.system_metrics_sampling_interval_s,
            settings.system_metrics_samples_before_logging,
            settings.system_metrics_node_id,
        )
        self._settings = settings
        self._active_run_ids = active_run_ids
        self._console = Console(active_run_ids)
        self._seeds = Seeds(self._note_seed)
        self._requirements = ""
        self._uncommitted: Uncommitted | None = None
        self._has_warned = False
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._runs: dict[str, RunCapture] = {}
        self._tasks: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None
        self._machine: Machine | None = None
        self._save_s = FIRST_SAVE_S
        if settings.capture and settings.capture_seeds:
            self._seeds.watch()

    def tags(self) -> dict[str, str]:
        """What is known at once about a run that begins now."""
        settings = self._settings
        tags = source_tags()
        if not settings.capture:
            return tags
        if settings.capture_machine:
            tags |= machine_tags()
        if settings.capture_command:
            tags |= command_tags()
        if settings.capture_git and (repository := Repository.around(source_folder())) is not None:
            tags |= repository.tags()
        if settings.capture_seeds:
            self._seeds.watch()
            tags |= self._seeds.tags()
        return tags | environment_tags(os.environ, settings.capture_environment)

    def begin(self, begun: BegunRun) -> None:
        """Follow a run from now on."""
        settings = self._settings
        if not (settings.capture or begun.has_system_metrics):
            return
        run = RunCapture(begun, settings)
        with self._lock:
            if run.console is not None and not any(other.console for other in self._runs.values()):
                self._console.follow()
            self._runs[begun.run_id] = run
            self._save_s = FIRST_SAVE_S
            if settings.capture and not begun.is_child:
                if settings.capture_packages:
                    self._tasks.append(lambda: self._keep_packages(run))
                if settings.capture_git and settings.capture_diff:
                    self._tasks.append(lambda: self._keep_diff(run))
            if begun.has_system_metrics:
                self._tasks.append(lambda: self._monitor(run))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="fluvial-capture", daemon=True)
                self._thread.start()
        self._wake.set()

    def end(self, run_id: str) -> None:
        """A run is about to end: keep the rest of it."""
        with self._lock:
            if run_id not in self._runs:
                return
            self._keep_console()
            run = self._runs.pop(run_id)
            run.log_speed()
            if run.console is not None:
                run.console.close()
                if not any(other.console for other in self._runs.values()):
                    self._console.leave()

    def flush(self, timeout_s: float | None) -> bool:
        """Wait until what was to be captured so far is logged; returns whether it is."""
        if self._thread is None:
            return True
        is_done = threading.Event()
        self._tasks.append(self._save_consoles)
        self._tasks.append(is_done.set)
        self._wake.set()
        return is_done.wait(timeout_s)

    def after_fork(self) -> None:
        """This is a forked child: the thread and the runs are the parent's."""
        self._console.abandon()
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._runs.clear()
        self._tasks.clear()
        self._thread = self._machine = None

    def _note_seed(self, key: str, seed: str) -> None:
        with self._lock:
            for run_id in self._active_run_ids():
                if run_id in self._runs:
                    self._runs[run_id].begun.tracker.set_tags(run_id, {key: seed})

    def _work(self) -> None:
        sample_at_s = time.monotonic() + self.sampling.interval_s
        save_at_s = time.monotonic() + self._save_s
        while True:
            due_s = min(sample_at_s, save_at_s) - time.monotonic() if self._runs else None
            self._wake.wait(None if due_s is None else max(due_s, 0.0))
            self._wake.clear()
            while self._tasks:
                self._carry_out(self._tasks.popleft())
            now_s = time.monotonic()
            sample_at_s = min(sample_at_s, now_s + self.sampling.interval_s)
            save_at_s = min(save_at_s, now_s + self._save_s)
            if now_s >= sample_at_s:
                sample_at_s = now_s + self.sampling.interval_s
                self._carry_out(self._sample)
            if now_s >= save_at_s:
                self._save_s = min(self._save_s * 2, MAX_SAVE_S)
                save_at_s = now_s + self._save_s
                self._carry_out(self._save_consoles)

    def _carry_out(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception as error:  # noqa: BLE001 - the outermost frame of the thread
            if not self._has_warned:
                self._has_warned = True
                _log.warning("Something about the run could not be captured: %s", error, exc_info=error)

    def _sample(self) -> None:
        with self._lock:
            for run in self._runs.values():
                run.log_speed()
            measured = [run for run in self._runs.values() if run.metrics is not None]
            if not measured or self._machine is None:
                return
            sample = self._machine.sample()
            node = f"{self.sampling.node_id}/" if self.sampling.node_id else ""
            for run in measured:
                if run.metrics is None:
                    continue
                values = run.metrics.add(sample, self.sampling.n_samples)
                run.log(
                    {f"{SYSTEM_PREFIX}{node}{name}": value for name, value in values.items()},
                    run.metrics.step,
                )

    def _save_consoles(self) -> None:
        with self._lock:
            self._keep_console()
            for run in self._runs.values():
                if run.console is not None:
                    run.console.save()

    def _keep_console(self) -> None:
        """Give each run its share of what was printed: a thread without a run prints for all of them."""
        for written in self._console.take():
            for run_id in written.run_ids or tuple(self._runs):
                run = self._runs.get(run_id)
                if run is not None and run.console is not None:
                    run.console.add(written)

    def _monitor(self, run: RunCapture) -> None:
        # psutil takes longer to load than a run takes to begin.
        from fluvial.client.capture.machine import Machine, SystemMetrics  # noqa: PLC0415

        with self._lock:
            self._machine = self._machine or Machine()
            run.metrics = SystemMetrics(run.begun.first_step, self._machine.sample())

    def _keep_packages(self, run: RunCapture) -> None:
        self._requirements = self._requirements or requirements_lock()
        run.save("requirements.lock", self._requirements.encode())

    def _keep_diff(self, run: RunCapture) -> None:
        if self._uncommitted is None:
            # As it was at the first run: this is the code that was loaded.
            repository = Repository.around(source_folder())
            if repository is None:
                return
            self._uncommitted = read_uncommitted(repository.root, self._settings.capture_diff_limit_bytes)
        found = self._uncommitted
        if found is None:
            return
        is_dirty = bool(found.patch or found.untracked)
        run.begun.tracker.set_tags(run.begun.run_id, {DIRTY_TAG: str(is_dirty).lower()})
        if found.patch:
            run.save("uncommitted.diff", found.patch.encode())
        if found.untracked:
            run.save("untracked.txt", "".join(f"{name}\n" for name in found.untracked).encode())
