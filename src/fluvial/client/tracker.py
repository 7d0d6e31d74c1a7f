"""All that this process has with one tracking target: its journal, the sender, and the way there."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import structs

from fluvial.artifacts.names import checked_name
from fluvial.client.journal import JOURNALS_FOLDER, Journal
from fluvial.client.outbox import Outbox
from fluvial.client.targets import Target, connect
from fluvial.client.transport import Transport
from fluvial.client.values import as_float, as_key, as_mapping, as_run_id, as_step, as_timestamp
from fluvial.entities.metric import Metric
from fluvial.entities.tag import Param, Tag
from fluvial.errors import FluvialError, InvalidRequest, Unreachable
from fluvial.settings import ClientSettings
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.journal import call_frame
from fluvial.wire.runs import LOG_BATCH, START_RUN, LogBatch, StartRun

MAX_BATCH = 100

_time_ns = time.time_ns


class About(NamedTuple):
    """What a metric was measured on."""

    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class RunOperations:
    """What `log_*(…, synchronous=False)` returns."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def wait(self) -> None:
        """Wait until the platform has what was logged.

        Raises:
            Unreachable: It does not answer; what was logged is kept in the journal.
        """
        self._tracker.connected()


class Tracker:
    """Logs to one target, and reads from it.

    `log_*` and `write` append to the journal and return. `call` sends what was logged before, then
    waits for the answer.

    Args:
        target: Where to.
        settings: Of this process.
        home: Folder that has the journals.
        on_begin: Called when the first thing is logged.

    Attributes:
        target: Where to.
        highest_steps: How far training is, by run.
    """

    def __init__(
        self, target: Target, settings: ClientSettings, home: Path, on_begin: Callable[[], None]
    ) -> None:
        self.target = target
        self.highest_steps: dict[str, int] = {}
        self._outbox: Outbox | None = None
        self._settings = settings
        self._home = home
        self._on_begin = on_begin
        self._lock = threading.RLock()
        self._transport: Transport | None = None
        self._started: dict[str, StartRun] = {}
        self._inherited: dict[str, StartRun] = {}
        self._open: set[str] = set()
        self._params: dict[str, dict[str, str]] = {}
        self._datasets: dict[str, set[tuple[str, str]]] = {}
        self._tables: dict[str, dict[str, dict[str, list[Any]]]] = {}

    def start_run(self, request: StartRun) -> None:
        """Journal the start of a run."""
        watched = structs.replace(request, beats=self._settings.heartbeat_s > 0)
        self.write(START_RUN, watched)
        self._started[request.run_id] = watched

    def begin_run(self, run_id: str) -> None:
        """Give signs of life of a run, until `forget_run`."""
        self._open.add(run_id)

    def has_started(self, run_id: str) -> bool:
        """Whether this process started the run, and has not forgotten it."""
        return run_id in self._started

    def forget_run(self, run_id: str) -> None:
        """The run has ended: keep nothing about it in memory."""
        self._open.discard(run_id)
        self._started.pop(run_id, None)
        self.highest_steps.pop(run_id, None)
        self._params.pop(run_id, None)
        self._datasets.pop(run_id, None)
        self._tables.pop(run_id, None)

    def is_first_use(self, run_id: str, dataset_name: str, dataset_digest: str) -> bool:
        """Whether a metric of the run is the first that was measured on a dataset."""
        used = self._datasets.setdefault(run_id, set())
        is_first = (dataset_name, dataset_digest) not in used
        used.add((dataset_name, dataset_digest))
        return is_first

    def tables_of(self, run_id: str) -> dict[str, dict[str, list[Any]]]:
        """The tables that this process logged to a run: columns by the name of the artifact."""
        return self._tables.setdefault(run_id, {})

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: Any,
        step: Any = None,
        timestamp: Any = None,
        about: About | None = None,
    ) -> None:
        """Append one point. What every training step calls: 1.3 µs.

        Args:
            run_id: The run.
            key: Name of the metric.
            value: A number, or what converts to one.
            step: Training step.
            timestamp: ms since the epoch; now where there is none.
            about: What it was measured on.

        Raises:
            InvalidRequest: A name, value, step or time is none.
        """
        journal = (self._outbox or self._begin()).journal
        try:
            run = journal.runs[run_id]
            series = journal.series[key if about is None else (key, *about)]
        except (KeyError, TypeError):
            run, series = self._define(journal, run_id, key, about)
        if value.__class__ is not float:
            value = as_float(key, value)
        if step.__class__ is not int:
            step = as_step(step)
        timestamp = _time_ns() // 1_000_000 if timestamp is None else as_timestamp(timestamp)
        try:
            journal.append_point(run, series, step, timestamp, value)
        except struct.error as error:
            raise InvalidRequest(f"A step is a whole number of 64 bits, not {step}.") from error
        if step > self.highest_steps.get(run_id, 0):
            self.highest_steps[run_id] = step

    def log_metrics(
        self,
        run_id: str,
        metrics: Mapping[str, Any],
        step: Any = None,
        timestamp: Any = None,
        about: About | None = None,
    ) -> None:
        """Append one point to each of some series, all or none.

        Args:
            run_id: The run.
            metrics: Values by key.
            step: Training step.
            timestamp: ms since the epoch; now where there is none.
            about: What they were measured on.

        Raises:
            InvalidRequest: A name, value, step or time is none.
        """
        journal = (self._outbox or self._begin()).journal
        step = as_step(step)
        timestamp = _time_ns() // 1_000_000 if timestamp is None else as_timestamp(timestamp)
        points = []
        for key, value in as_mapping("metrics", metrics).items():
            number = value if value.__class__ is float else as_float(key, value)
            run, series = self._numbers(journal, run_id, key, about)
            points.append((run, series, step, timestamp, number))
        journal.append_points(points)
        if step > self.highest_steps.get(run_id, 0):
            self.highest_steps[run_id] = step

    def log_points(self, run_id: str, points: Iterable[Metric]) -> None:
        """Append points that each have a key, a value, a step and a timestamp; all or none.

        Raises:
            InvalidRequest: One of these is none.
        """
        journal = (self._outbox or self._begin()).journal
        packed = []
        for point in points:
            about = About(point.model_id, point.dataset_name, point.dataset_digest)
            value = as_float(point.key, point.value)
            run, series = self._numbers(journal, run_id, point.key, about if any(about) else None)
            packed.append((run, series, as_step(point.step), as_timestamp(point.timestamp), value))
        journal.append_points(packed)

    def log_params(self, run_id: str, params: Mapping[str, Any]) -> None:
        """Set params, each once.

        Raises:
            InvalidRequest: A name is none, or a param that this process set would change.
        """
        known = self._params.setdefault(run_id, {})
        new: dict[str, str] = {}
        for key, value in as_mapping("params", params).items():
            text = str(value)
            before = known.get(as_key("param", key))
            if before is None:
                new[key] = text
            elif before != text:
                raise InvalidRequest(
                    f"The param {key!r} of run {run_id} is {before!r} and does not change to {text!r}: "
                    "params are written once. Use a tag, or another run."
                )
        known.update(new)
        pairs = [Param(key=key, value=value) for key, value in new.items()]
        for start in range(0, len(pairs), MAX_BATCH):
            self.write(LOG_BATCH, LogBatch(run_id=run_id, params=tuple(pairs[start : start + MAX_BATCH])))

    def set_tags(self, run_id: str, tags: Mapping[str, Any]) -> None:
        """Set tags.

        Raises:
            InvalidRequest: A name is none.
        """
        pairs = [
            Tag(key=as_key("tag", key), value=str(value)) for key, value in as_mapping("tags", tags).items()
        ]
        for start in range(0, len(pairs), MAX_BATCH):
            self.write(LOG_BATCH, LogBatch(run_id=run_id, tags=tuple(pairs[start : start + MAX_BATCH])))

    def write(self, endpoint: Endpoint[Request, Any], request: Request) -> None:
        """Journal a call, to be carried out in its turn."""
        journal = (self._outbox or self._begin()).journal
        if self._inherited and isinstance(run_id := getattr(request, "run_id", None), str):
            self._repeat_start(journal, run_id)
        journal.append(call_frame(endpoint.path, request))

    def log_file(self, run_id: str, path: str, source: Path | bytes) -> None:
        """Keep a copy of a file, or some bytes, as an artifact, to be uploaded in its turn.

        Raises:
            InvalidRequest: No artifact may have that name.
            OSError: The file cannot be read.
        """
        checked_name(path)
        outbox = self._outbox or self._begin()
        if self._inherited:
            self._repeat_start(outbox.journal, run_id)
        outbox.add_file(run_id, path, source)

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint, after everything that was logged before.

        Raises:
            RequestError: What the platform answered.
            Unreachable: It did not answer, or not everything could be sent.
        """
        return self.connected().call(endpoint, request)

    def connected(self) -> Transport:
        """The way to the platform, when it has everything that was logged before.

        Raises:
            Unreachable: It does not answer.
        """
        if self._settings.offline:
            raise Unreachable("FLUVIAL_OFFLINE is set: nothing can be read from the tracking server.")
        if not self.flush(self._settings.http_timeout_s, gives_up=True):
            error = self._outbox.last_error if self._outbox else None
            if isinstance(error, FluvialError):
                raise error
            raise Unreachable(f"What was logged could not be sent to {self.target.uri}: {error}.")
        return self.transport()

    def settle(self, synchronous: bool | None) -> RunOperations | None:
        """Do as a `log_*` call was told: wait, or hand back something to wait on, or neither."""
        if synchronous is None:
            return None
        operations = RunOperations(self)
        if not synchronous:
            return operations
        operations.wait()
        return None

    def flush(self, timeout_s: float | None, *, gives_up: bool) -> bool:
        """Wait until the platform has everything that was logged before, artifacts too.

        Args:
            timeout_s: How long to wait at most.
            gives_up: Return when a try fails; else wait for the next.

        Returns:
            Whether it has.
        """
        return self._outbox is None or self._outbox.flush(timeout_s, gives_up=gives_up)

    def transport(self) -> Transport:
        """The way to the platform; sends nothing first."""
        with self._lock:
            if self._transport is None:
                self._transport = connect(self.target, self._settings)
            return self._transport

    def close(self, timeout_s: float) -> None:
        """Send what is left, for a while, and say what remains. What is logged later begins a new journal."""
        with self._lock:
            outbox, self._outbox = self._outbox, None
        if outbox is not None:
            outbox.close(timeout_s)
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def after_fork(self) -> None:
        """Begin anew in a forked child: the journal, the threads and the connections are the parent's."""
        if self._outbox is not None:
            self._outbox.abandon()
        self._lock = threading.RLock()
        self._outbox = self._transport = None
        # The parent may not have sent yet that these runs began, so that the child says it again.
        self._inherited = dict(self._started)
        self._open = set()  # to keep alive, they are the parent's

    def _begin(self) -> Outbox:
        with self._lock:
            if self._outbox is None:
                self._on_begin()
                way = None if self._settings.offline else self.transport
                self._outbox = Outbox(
                    self._home / JOURNALS_FOLDER,
                    self.target.uri,
                    way,
                    self._settings,
                    lambda: tuple(self._open),
                )
            return self._outbox

    def _numbers(self, journal: Journal, run_id: str, key: Any, about: About | None) -> tuple[int, int]:
        """The numbers of a run and a series."""
        try:
            return journal.runs[run_id], journal.series[key if about is None else (key, *about)]
        except (KeyError, TypeError):
            return self._define(journal, run_id, key, about)

    def _define(self, journal: Journal, run_id: str, key: object, about: About | None) -> tuple[int, int]:
        """The numbers of a run and a series, which the journal learns if it does not know them."""
        if self._inherited:
            self._repeat_start(journal, run_id)
        name = as_key("metric", key)
        series = name if about is None else (name, *about)
        return (
            journal.runs.get(run_id) or journal.define_run(as_run_id(run_id)),
            journal.series.get(series) or journal.define_series(series),
        )

    def _repeat_start(self, journal: Journal, run_id: str) -> None:
        request = self._inherited.pop(run_id, None)
        if request is not None:
            journal.append(call_frame(START_RUN.path, request))
