"""What the demo's runs are made of, and how one is sent."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from msgspec import Struct, field

from fluvial.client.transport import Transport
from fluvial.entities.dataset import CONTEXT_TAG, Dataset, DatasetInput
from fluvial.entities.run import NOTE_TAG, PARENT_TAG, USER_TAG, RunStatus
from fluvial.entities.tag import Param, Tag
from fluvial.errors import JournalGap
from fluvial.wire.journal import (
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    call_frame,
    definition_frame,
    point_frame,
)
from fluvial.wire.runs import (
    LOG_BATCH,
    LOG_INPUTS,
    START_RUN,
    UPDATE_RUN,
    LogBatch,
    LogInputs,
    StartRun,
    UpdateRun,
)

DEMO_TAG = "fluvial.demo"
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class DemoRun(Struct, kw_only=True):
    """One run, with all that was logged to it.

    Attributes:
        name: For people.
        start_ms: When it began, ms since the epoch.
        step_ms: Time from one step to the next.
        params: By key.
        curves: Values of each metric, one for each step; NaN and infinities among them.
        stride: Steps from one value to the next.
        tags: By key.
        note: Markdown.
        datasets: What it read.
        files: Content of each artifact, by its path.
        status: How it ended, or that it did not.
        parent_id: The run that it is nested in.
        run_id: 32 hex characters.
    """

    name: str
    start_ms: int
    step_ms: int
    params: dict[str, str]
    curves: dict[str, list[float]] = field(default_factory=dict)
    stride: int = 1
    tags: dict[str, str] = field(default_factory=dict)
    note: str = ""
    datasets: Sequence[DatasetInput] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    status: RunStatus = RunStatus.FINISHED
    parent_id: str = ""
    run_id: str

    @property
    def end_ms(self) -> int:
        """When its last step was done."""
        n_steps = max((len(values) for values in self.curves.values()), default=1)
        return self.start_ms + n_steps * self.step_ms


def new_id(chance: Random) -> str:
    """An id for a run: 32 hex characters."""
    return f"{chance.getrandbits(128):032x}"


def decay(chance: Random, n: int, start: float, end: float, *, noise: float = 0.03) -> list[float]:
    """A loss: falls from `start` to `end`, quickly at first, with noise that shrinks along."""
    tau = n * chance.uniform(0.12, 0.3)
    return [
        end
        + (start - end) * math.exp(-i / tau) * (1 + chance.gauss(0, noise))
        + abs(chance.gauss(0, noise * end))
        for i in range(n)
    ]


def rise(chance: Random, n: int, start: float, end: float, *, noise: float = 0.01) -> list[float]:
    """An accuracy: rises from `start` to `end`, and stays below 1."""
    tau = n * chance.uniform(0.12, 0.3)
    return [
        min(0.9995, end - (end - start) * math.exp(-i / tau) + chance.gauss(0, noise) * math.exp(-i / n))
        for i in range(n)
    ]


def diverge(values: list[float], at: int) -> list[float]:
    """A loss that blows up at some step: grows, is infinite, then NaN."""
    blown = list(values)
    for i in range(at, len(blown)):
        growth = 1.6 ** min(i - at, 400)
        blown[i] = values[at] * growth if growth < 30 else math.inf if growth < 50 else math.nan
    return blown


def dataset(name: str, context: str, columns: dict[str, str], n_rows: int, version: int = 1) -> DatasetInput:
    """A dataset that a run read."""
    digest = hashlib.sha256(f"{name} {version} {n_rows}".encode()).hexdigest()[:8]
    schema = [{"type": kind, "name": column, "required": True} for column, kind in columns.items()]
    return DatasetInput(
        dataset=Dataset(
            name=name,
            digest=digest,
            source_type="local",
            source=json.dumps({"uri": f"data/{name}-v{version}.parquet"}),
            schema=json.dumps({"mlflow_colspec": schema}),
            profile=json.dumps({"num_rows": n_rows, "num_elements": n_rows * len(columns)}),
        ),
        tags=(Tag(key=CONTEXT_TAG, value=context),),
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table, in the form of `log_table`."""
    return json.dumps({"columns": list(columns), "data": [list(row) for row in rows]}).encode()


def send_run(transport: Transport, experiment: str, run: DemoRun) -> int | None:
    """Send a run as a journal of its own.

    Returns:
        How many points it had; None if the platform has had it before.
    """
    frames, n_points = _frames(experiment, run)
    # The id follows from the run, so that a second demo of the same seed adds nothing.
    journal_id = hashlib.sha256(f"demo {run.run_id}".encode()).hexdigest()[:32]
    header = SliceHeader(journal_id=journal_id, first_sequence=0, n_records=len(frames))
    try:
        transport.ingest(header, b"".join(frames))
    except JournalGap:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        for path, content in run.files.items():
            source = Path(scratch, "content")
            source.write_bytes(content)
            transport.upload(run.run_id, path, source)
    return n_points


def _frames(experiment: str, run: DemoRun) -> tuple[list[bytes], int]:
    tags = {DEMO_TAG: "true", "mlflow.source.type": "LOCAL", **run.tags}
    if run.parent_id:
        tags[PARENT_TAG] = run.parent_id
    if run.note:
        tags[NOTE_TAG] = run.note
    start = StartRun(
        run_id=run.run_id,
        experiment_name=experiment,
        user_id=tags.get(USER_TAG, ""),
        run_name=run.name,
        start_time=run.start_ms,
        tags=tuple(Tag(key=key, value=value) for key, value in tags.items()),
    )
    params = tuple(Param(key=key, value=value) for key, value in run.params.items())
    frames = [
        call_frame(START_RUN.path, start),
        call_frame(LOG_BATCH.path, LogBatch(run_id=run.run_id, params=params)),
    ]
    if run.datasets:
        frames.append(call_frame(LOG_INPUTS.path, LogInputs(run_id=run.run_id, datasets=tuple(run.datasets))))
    frames.append(definition_frame(RunDefinition(1, run.run_id)))
    n_points = 0
    for number, (key, values) in enumerate(run.curves.items(), 1):
        frames.append(definition_frame(SeriesDefinition(number, key)))
        for i, value in enumerate(values):
            time_ms = run.start_ms + (i + 1) * run.step_ms
            frames.append(point_frame(1, number, i * run.stride, time_ms, value))
        n_points += len(values)
    if run.status.is_terminal:
        ended = UpdateRun(run_id=run.run_id, status=run.status, end_time=run.end_ms)
        frames.append(call_frame(UPDATE_RUN.path, ended))
    return frames, n_points
