"""What Prometheus asks for: how much comes, how long it takes, what waits.

A request costs one look-up and one histogram's increment; everything else is read from counters that are
there anyway, once a second and before each answer. With several workers each writes to files of its own in
the folder that `PROMETHEUS_MULTIPROC_DIR` names, and whichever is asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from fluvial import __version__
from fluvial.jobs._runner import JobState
from fluvial.server.load import Load
from fluvial.services.platform import Platform

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The numbers of one process.

    Args:
        platform: What is served.
        load: What the server has taken on.
        job_states: Gives how each background job does.
    """

    def __init__(
        self, platform: Platform, load: Load, job_states: Callable[[], Mapping[str, JobState]]
    ) -> None:
        self._platform = platform
        self._load = load
        self._job_states = job_states
        self._registry = registry = CollectorRegistry()
        self._seconds = Histogram(
            "fluvial_request_seconds",
            "Time from a request's headers to its answer's.",
            ("method", "route", "status"),
            registry=registry,
            buckets=BUCKETS_S,
        )
        self._by_request: dict[tuple[str, str, int], Histogram] = {}
        self._points = _Follower(Counter("fluvial_points", "Metric points committed.", registry=registry))
        self._refused = _Follower(
            Counter("fluvial_refused_requests", "Requests answered 429: too much waits.", registry=registry)
        )
        self._runs = Counter(
            "fluvial_job_runs", "Background jobs done.", ("job", "outcome"), registry=registry
        )
        self._busy = Counter("fluvial_job_seconds", "Time spent in them.", ("job",), registry=registry)
        self._backlog = Gauge(
            "fluvial_job_backlog",
            "What a background job has to do; for compaction, points not folded yet.",
            ("job",),
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        self._followers: dict[tuple[Counter | str, ...], _Follower] = {}
        self._gauges = {
            name: Gauge(f"fluvial_{name}", text, registry=registry, multiprocess_mode="livesum")
            for name, text in (
                ("requests_in_progress", "Calls and slices under way."),
                ("request_bytes_held", "Bytes of their bodies."),
                ("queued_writes", "Writes that wait for a thread."),
                ("database_connections", "Connections open to PostgreSQL."),
                ("database_connections_idle", "Those that nobody uses."),
                ("database_waiting", "Calls that wait for a connection."),
                ("event_listeners", "Pages and programs that listen to changes."),
            )
        }
        about = Gauge("fluvial_info", "1, with the version.", ("version",), registry=registry)
        about.labels(__version__).set(1)

    def answered(self, method: str, route: str, status: int, took_s: float) -> None:
        """Note a request."""
        place = (method, route, status)
        found = self._by_request.get(place)
        if found is None:
            found = self._by_request[place] = self._seconds.labels(method, route, str(status))
        found.observe(took_s)

    def refresh(self) -> None:
        """Bring the numbers up to what they are now."""
        self._points.follow(self._platform.database.n_points)
        self._refused.follow(self._load.n_refused)
        database = self._platform.database.load()
        now = {
            "requests_in_progress": self._load.n_requests,
            "request_bytes_held": self._load.n_bytes,
            "queued_writes": database.n_queued,
            "database_connections": database.n_connections,
            "database_connections_idle": database.n_idle,
            "database_waiting": database.n_waiting,
            "event_listeners": self._platform.hub.n_listeners,
        }
        for name, value in now.items():
            self._gauges[name].set(value)
        for name, state in self._job_states().items():
            self._follow(self._runs, name, "done").follow(state.n_runs)
            self._follow(self._runs, name, "failed").follow(state.n_failures)
            self._follow(self._busy, name).follow(state.busy_s)
            if state.backlog is not None:
                self._backlog.labels(name).set(state.backlog)

    def text(self) -> bytes:
        """All numbers, of all workers, as Prometheus reads them."""
        self.refresh()
        registry = self._registry
        if os.environ.get(FOLDER_VARIABLE):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _follow(self, counter: Counter, *labels: str) -> _Follower:
        found = self._followers.get((counter, *labels))
        if found is None:
            found = self._followers[counter, *labels] = _Follower(counter.labels(*labels))
        return found


class _Follower:
    """A counter that follows a number which is counted elsewhere."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._at = 0.0

    def follow(self, value: float) -> None:
        self._counter.inc(value - self._at)
        self._at = value


def forget_process(pid: int) -> None:
    """Count the gauges of a worker that is gone no more; what it counted stays."""
    if os.environ.get(FOLDER_VARIABLE):
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
