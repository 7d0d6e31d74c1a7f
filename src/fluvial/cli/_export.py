"""Runs, or the points of their metrics, as a file: CSV, JSON or Parquet, a page in memory at a time."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import click
from msgspec import Struct

from fluvial.cli._output import iso_time
from fluvial.cli._platform import Reached
from fluvial.cli._progress import Progress
from fluvial.cli._run_columns import RunColumns
from fluvial.client.history import MetricHistory
from fluvial.entities.experiment import ViewType
from fluvial.entities.run import Run
from fluvial.errors import MissingExtra
from fluvial.wire import codec
from fluvial.wire.runs import COUNT_RUNS, LIST_RUN_COLUMNS, CountRuns, ListRunColumns

FORMATS = ("csv", "json", "jsonl", "parquet")
ATTRIBUTES = (
    "run_id run_name experiment_id experiment status start_time end_time duration user lifecycle_stage "
    "artifact_uri"
).split()
POINT_COLUMNS = ("run_id", "key", "step", "timestamp", "value")
_WHOLE = {"start_time", "end_time", "duration", "step", "timestamp"}
_GROUP_ROWS = 500
_GROUP_POINTS = 100_000

Row = Sequence[Any]


class Exported(Struct, frozen=True, kw_only=True):
    """What to export.

    Attributes:
        experiment_ids: Where to look.
        filter: Which runs, in the search language.
        order_by: In which order.
        view: Whether to look into the trash.
        columns: Of runs; none for all.
        has_points: The points of the runs' metrics, instead of the runs.
    """

    experiment_ids: tuple[str, ...]
    filter: str
    order_by: tuple[str, ...]
    view: ViewType
    columns: tuple[str, ...]
    has_points: bool


def export(platform: Reached, what: Exported, target: Path | None, format_name: str) -> int:
    """Write a file, or to the standard output.

    Args:
        platform: Where the runs are.
        what: Which runs, and what of them.
        target: The file; none for the standard output.
        format_name: How it is written.

    Returns:
        How many rows it has.

    Raises:
        MissingExtra: Parquet is asked for and pyarrow is not installed.
    """
    table = RunColumns(platform.experiments())
    columns = POINT_COLUMNS if what.has_points else what.columns or _all_columns(platform, what)
    request = CountRuns(experiment_ids=what.experiment_ids, filter=what.filter, run_view_type=what.view)
    n_runs = platform.call(COUNT_RUNS, request).count if what.experiment_ids else 0
    found = platform.iter_runs(
        what.experiment_ids, matching=what.filter, order_by=what.order_by, view=what.view
    )
    with Progress("Exporting runs", n_runs) as progress:
        counted = _counted(found, progress)
        if what.has_points:
            rows: Iterator[Row] = _points(platform, counted)
        else:
            rows = ([table.value(run, name) for name in columns] for run in counted)
        return _write(columns, rows, target, format_name, _GROUP_POINTS if what.has_points else _GROUP_ROWS)


def _counted(runs: Iterable[Run], progress: Progress) -> Iterator[Run]:
    for run in runs:
        yield run
        progress.advance()


def _all_columns(platform: Reached, what: Exported) -> tuple[str, ...]:
    found = platform.call(LIST_RUN_COLUMNS, ListRunColumns(experiment_ids=what.experiment_ids))
    return (
        *ATTRIBUTES,
        *(f"params.{key}" for key in found.params),
        *(f"metrics.{key}" for key in found.metrics),
        *(f"tags.{key}" for key in found.tags),
    )


def _points(platform: Reached, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        run_id = run.info.run_id
        for metric in run.data.metrics:
            content = platform.transport.metric_points(run_id, metric.key)
            history = MetricHistory.from_columns(metric.key, run_id, content)
            for step, time_ms, value in zip(history.steps, history.timestamps, history.values, strict=True):
                yield run_id, metric.key, step, time_ms, value


def _write(
    columns: Sequence[str], rows: Iterator[Row], target: Path | None, format_name: str, group: int
) -> int:
    if format_name == "parquet":
        if target is None:
            raise click.UsageError("Parquet is written to a file: name one with -o FILE.parquet.")
        with whole_file(target) as part:
            return _write_parquet(columns, rows, part, group)
    opened: AbstractContextManager[Path | None] = nullcontext() if target is None else whole_file(target)
    with opened as part:
        if part is None:
            return _write_text(columns, rows, sys.stdout, format_name)
        with part.open("w", encoding="utf-8", newline="") as file:
            return _write_text(columns, rows, file, format_name)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file that has its name only when it is whole."""
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write_text(columns: Sequence[str], rows: Iterable[Row], file: IO[str], format_name: str) -> int:
    if format_name == "csv":
        return _write_csv(columns, rows, file)
    is_list = format_name == "json"
    n_rows = 0
    for n_rows, row in enumerate(rows, 1):
        line = codec.encode(dict(zip(columns, row, strict=True))).decode()
        file.write((("[\n" if n_rows == 1 else ",\n") if is_list else "") + line + ("" if is_list else "\n"))
    if is_list:
        file.write("\n]\n" if n_rows else "[]\n")
    return n_rows


def _write_csv(columns: Sequence[str], rows: Iterable[Row], file: IO[str]) -> int:
    writer = csv.writer(file)
    writer.writerow(columns)
    is_time = [name in ("start_time", "end_time") for name in columns]
    n_rows = 0
    for n_rows, row in enumerate(rows, 1):  # noqa: B007 - the count is what is returned
        writer.writerow(
            iso_time(value) if time and value is not None else value
            for value, time in zip(row, is_time, strict=True)
        )
    return n_rows


def _write_parquet(columns: Sequence[str], rows: Iterator[Row], target: Path, group: int) -> int:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtra("Parquet", "parquet") from error

    schema = pa.schema([(name, _arrow_type(pa, name)) for name in columns])
    n_rows = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        while chunk := [row for row, _ in zip(rows, range(group), strict=False)]:
            arrays = [
                pa.array(values, type=kind.type)
                for values, kind in zip(zip(*chunk, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            n_rows += len(chunk)
    return n_rows


def _arrow_type(pa: Any, name: str) -> Any:
    if name in ("start_time", "end_time", "timestamp"):
        return pa.timestamp("ms", tz="UTC")
    if name in _WHOLE:
        return pa.int64()
    return pa.float64() if name == "value" or name.startswith("metrics.") else pa.string()
