"""Runs that this process logs to, and which of them is meant where none is named."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self, SupportsIndex

from fluvial.client.display import run_html
from fluvial.client.live_display import LiveDisplay, show_live
from fluvial.client.mixed_values import log_mixed
from fluvial.client.runs import Run
from fluvial.client.stopping import forget_stop, on_stop, was_asked_to_stop
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_step
from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.run import Run as RunEntity
from fluvial.entities.run import RunData, RunInfo, RunInputs, RunStatus
from fluvial.errors import FluvialError, InvalidRequest
from fluvial.wire.metrics import GET_METRIC_SERIES
from fluvial.wire.runs import GET_RUN, UPDATE_RUN, RunId, StartRun, UpdateRun

__all__ = ["ActiveRun"]

# The innermost run last. A thread begins with none, as with MLflow; an asyncio task with its creator's.
_stack: ContextVar[tuple[ActiveRun, ...]] = ContextVar("fluvial_active_runs", default=())
_last: ContextVar[str | None] = ContextVar("fluvial_last_run", default=None)

# Runs that this process began and has not ended.
open_runs: dict[str, ActiveRun] = {}


class ActiveRunInfo:
    """What a run is. What only the server knows is read from it when it is asked for.

    Attributes:
        run_id: 32 hex characters.
        run_uuid: The same; older code reads it.
        user_id: Who started it.
        status: How far it has come, as far as this process knows.
        start_time: ms since the epoch.
        end_time: ms since the epoch, where it has ended.
        lifecycle_stage: Not in the trash.
    """

    lifecycle_stage = LifecycleStage.ACTIVE

    def __init__(self, tracker: Tracker, started: StartRun) -> None:
        self.run_id = self.run_uuid = started.run_id
        self.user_id = started.user_id
        self.status = RunStatus.RUNNING
        self.start_time = started.start_time or 0
        self.end_time: int | None = None
        self._tracker = tracker
        self._run_name = started.run_name
        self._experiment_id = started.experiment_id
        self._read_info: RunInfo | None = None

    @property
    def run_name(self) -> str:
        """For people."""
        return self._run_name or self._on_server.run_name

    @property
    def experiment_id(self) -> str:
        """The experiment that it belongs to."""
        return self._experiment_id or self._on_server.experiment_id

    @property
    def artifact_uri(self) -> str:
        """Where its artifacts are kept."""
        return self._on_server.artifact_uri

    @property
    def _on_server(self) -> RunInfo:
        if self._read_info is None:
            self._read_info = self._tracker.call(GET_RUN, RunId(run_id=self.run_id)).run.info
        return self._read_info


class ActiveRun(Run):
    """A run that this process logs to; ends with the `with` block that it opens.

    Attributes:
        run_id: 32 hex characters.
        tracker: Where it logs to.
    """

    info: ActiveRunInfo  # type: ignore[assignment]

    def __init__(self, tracker: Tracker, started: StartRun) -> None:
        info = RunInfo(
            run_uuid=started.run_id,
            experiment_id=started.experiment_id,
            run_name=started.run_name,
            user_id=started.user_id,
            status=RunStatus.RUNNING,
            start_time=started.start_time or 0,
            artifact_uri="",
            lifecycle_stage=LifecycleStage.ACTIVE,
            run_id=started.run_id,
        )
        super().__init__(RunEntity(info=info, data=RunData(tags=started.tags), inputs=RunInputs()))
        self.info = ActiveRunInfo(tracker, started)
        self.run_id = started.run_id
        self.tracker = tracker
        self._pid = os.getpid()
        self._has_ended = False
        self._shown: LiveDisplay | None = None
        self._next_step = 0
        self._before_end: list[Callable[[], None]] = []
        open_runs[self.run_id] = self
        tracker.begin_run(self.run_id)
        _stack.set((*_stack.get(), self))
        _last.set(self.run_id)

    def log(self, values: Mapping[str, Any], step: SupportsIndex | None = None) -> None:
        """Log values of any kind.

        Numbers become metrics, a `fluvial.Histogram` a histogram, images an image series; figures, data
        frames, arrays and lists become files. The names within a dict follow its own name and a `/`.

        Args:
            values: By name.
            step: Training step. Where it is not given, one more than at the last call of this method, from 0.

        Raises:
            InvalidRequest: A value cannot be kept; then none of the numbers is.

        Example:
            >>> with fluvial.start_run() as run:
            ...     run.log({"train": {"loss": 0.5}, "validation": {"loss": 0.7}}, step=1)
        """
        number = self._next_step if step is None else as_step(step)
        log_mixed(self.tracker, self.run_id, values, number)
        self._next_step = number + 1

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked, in the web app, that the run stops."""
        return was_asked_to_stop(self.run_id)

    def on_stop(self, action: Callable[[], None]) -> None:
        """Have something done when somebody asks, in the web app, that the run stops.

        It is called in another thread, once, in place of the KeyboardInterrupt that the main thread would
        get: the program ends by itself, as soon as it suits.

        Example:
            >>> with fluvial.start_run() as run:
            ...     run.on_stop(lambda: setattr(trainer, "should_stop", True))
        """
        on_stop(self.run_id, action)

    def before_end(self, action: Callable[[], None]) -> None:
        """Have something done when the run is about to end in this process."""
        self._before_end.append(action)

    def end(self, status: str) -> None:
        """Journal the end of the run; the second time nothing happens.

        In a forked child the run goes on: it is the parent's to end.

        Raises:
            InvalidRequest: There is no such status.
        """
        ended = as_status(status)
        _stack.set(tuple(run for run in _stack.get() if run is not self))
        if self._has_ended or self._pid != os.getpid():
            return
        self._has_ended = True
        for action in self._before_end:
            action()
        self.info.status = ended
        self.info.end_time = time.time_ns() // 1_000_000
        self.tracker.write(
            UPDATE_RUN, UpdateRun(run_id=self.run_id, status=ended, end_time=self.info.end_time)
        )
        self.tracker.forget_run(self.run_id)
        forget_stop(self.run_id)
        if self._shown is not None:
            self._shown.finish()
        open_runs.pop(self.run_id, None)

    def to_dictionary(self) -> dict[str, Any]:
        """The run as the server has it, as plain dicts and lists."""
        return Run(self.tracker.call(GET_RUN, RunId(run_id=self.run_id)).run).to_dictionary()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.end(RunStatus.FINISHED)
        elif issubclass(kind, KeyboardInterrupt):
            self.end(RunStatus.KILLED)
        else:
            self.end(RunStatus.FAILED)

    def _repr_html_(self) -> str:
        """The run as a notebook shows it, with charts of what was logged until now."""
        try:
            run = Run(self.tracker.call(GET_RUN, RunId(run_id=self.run_id)).run)
            return run_html(run, lambda request: self.tracker.call(GET_METRIC_SERIES, request))
        except FluvialError as error:
            return html.escape(f"{self!r}: {error}")

    def _ipython_display_(self) -> None:
        """Show the run; in a notebook, with charts that follow it until it ends."""
        if self._shown is not None:
            self._shown.stop()
        self._shown = show_live(self._repr_html_, repr(self), is_over=self._has_ended)

    def __repr__(self) -> str:
        return f"<ActiveRun {self.run_id} {self.info.status}>"


def as_status(status: str) -> RunStatus:
    """A run's status by its name.

    Raises:
        InvalidRequest: There is no such status.
    """
    try:
        return RunStatus(status)
    except ValueError as error:
        raise InvalidRequest(f"A run's status is one of {', '.join(RunStatus)}; not {status!r}.") from error


def active_runs() -> tuple[ActiveRun, ...]:
    """The runs that are active in this thread, the innermost last."""
    return _stack.get()


def last_run_id() -> str | None:
    """The run that was active last in this thread."""
    return _last.get()
