"""What is captured of one run, from its beginning to its end in this process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping

from msgspec import Struct

from fluvial.client.capture.console import ConsoleLog
from fluvial.client.capture.speed import METRIC as SPEED
from fluvial.client.capture.speed import Speed
from fluvial.client.tracker import Tracker
from fluvial.entities.metric import Metric
from fluvial.settings import ClientSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.client.capture.machine import SystemMetrics  # loads psutil

FOLDER = "fluvial"
SYSTEM_PREFIX = "system/"
SPEED_METRIC = SYSTEM_PREFIX + SPEED


class BegunRun(Struct, frozen=True, kw_only=True):
    """A run that has begun in this process, or goes on in it.

    Attributes:
        tracker: Where it logs to.
        run_id: Its id.
        is_new: Whether it begins here; else it was begun before, and is resumed.
        is_child: Whether it began within another run of this process, whose code and packages are its own.
        first_step: Of its system metrics.
        has_system_metrics: Whether it is measured.
    """

    tracker: Tracker
    run_id: str
    is_new: bool
    is_child: bool
    first_step: int
    has_system_metrics: bool


class RunCapture:
    """What is captured of one run while it is open.

    Args:
        begun: The run.
        settings: Of this process.
    """

    def __init__(self, begun: BegunRun, settings: ClientSettings) -> None:
        self.begun = begun
        # A run that is resumed keeps what was captured when it began, beside what is captured now.
        session = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"
        self._folder = FOLDER if begun.is_new else f"{FOLDER}/session-{session}"
        follows = settings.capture
        self.metrics: SystemMetrics | None = None
        self.console: ConsoleLog | None = None
        if follows and settings.capture_console:
            self.console = ConsoleLog(self.save, settings.capture_console_limit_bytes)
        self._speed = Speed(self._step(), time.monotonic()) if follows and settings.capture_speed else None

    def save(self, name: str, content: bytes) -> None:
        """Keep a file of the run."""
        self.begun.tracker.log_file(self.begun.run_id, f"{self._folder}/{name}", content)

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Log system metrics, by name."""
        now_ms = time.time_ns() // 1_000_000
        points = [Metric(key=key, value=value, step=step, timestamp=now_ms) for key, value in values.items()]
        self.begun.tracker.log_points(self.begun.run_id, points)

    def log_speed(self) -> None:
        """Log how fast it trains, if it does."""
        step = self._step()
        if self._speed is not None and step is not None:
            speed = self._speed.measure(step, time.monotonic())
            if speed is not None:
                self.log({SPEED_METRIC: speed}, step)

    def _step(self) -> int | None:
        return self.begun.tracker.highest_steps.get(self.begun.run_id)


def next_system_step(metrics: Iterable[Metric]) -> int:
    """The step at which the system metrics of a run go on.

    Args:
        metrics: The last point of each of its metrics.
    """
    measured = [
        metric.step or 0
        for metric in metrics
        if metric.key.startswith(SYSTEM_PREFIX) and metric.key != SPEED_METRIC
    ]
    return max(measured, default=-1) + 1
