"""Reading metric history."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fluvial.entities.metric import Metric
from fluvial.errors import InvalidRequest
from fluvial.segments.buckets import Buckets
from fluvial.segments.cells import Cells
from fluvial.segments.points import Points
from fluvial.segments.sampling import evenly_spread
from fluvial.services import rules
from fluvial.services.charts import buckets_of
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import keys, metrics, runs
from fluvial.store.metrics import Source
from fluvial.wire.charts import MAX_ALL_BUCKETS, MAX_SERIES, ChartSeries, GetMetricChart
from fluvial.wire.metrics import (
    GET_METRIC_HISTORY,
    GET_METRIC_HISTORY_BULK,
    GET_METRIC_HISTORY_BULK_INTERVAL,
    GET_METRIC_SERIES,
    LIST_METRIC_NAMES,
    MAX_BULK_RESULTS,
    MAX_BULK_RUNS,
    MAX_INTERVAL_RESULTS,
    MAX_SERIES_KEYS,
    MAX_SERIES_POINTS,
    BulkHistory,
    GetMetricHistory,
    GetMetricHistoryBulk,
    GetMetricHistoryBulkInterval,
    GetMetricSeries,
    ListMetricNames,
    MetricHistory,
    MetricNames,
    MetricSeries,
    Series,
)


@serve(GET_METRIC_HISTORY, needs=Permission.READ)
def get_history(context: Context, request: GetMetricHistory) -> MetricHistory:
    """All points of one metric of one run by step, or a page of them."""
    points = read_metric(context, request.run_id, request.metric_key)
    token = None
    if request.max_results is not None:
        if request.max_results < 1:
            raise InvalidRequest(f"max_results is at least 1, not {request.max_results}.")
        offset = rules.page_offset(request.page_token)
        end = offset + request.max_results
        token = rules.page_token(end) if end < len(points) else None
        points = points.where(np.arange(min(offset, len(points)), min(end, len(points))))
    return MetricHistory(metrics=tuple(_entities(context, request.metric_key, points)), next_page_token=token)


def read_columns(context: Context, run_id: str, key: str) -> bytes:
    """All points of one metric by step, as columns; see `POINTS_PATH`."""
    points = read_metric(context, run_id, key)
    columns = (points.steps.astype("<i8"), points.timestamps.astype("<i8"), points.values.astype("<f8"))
    return b"".join((struct.pack("<Q", len(points)), *(column.tobytes() for column in columns)))


@serve(GET_METRIC_HISTORY_BULK, needs=Permission.READ)
def get_history_bulk(context: Context, request: GetMetricHistoryBulk) -> BulkHistory:
    """Points of one metric of many runs, run after run."""
    _check_runs(request.run_id)
    if request.max_results < 1:
        raise InvalidRequest(f"max_results is at least 1, not {request.max_results}.")
    left = min(request.max_results, MAX_BULK_RESULTS)
    found: list[Metric] = []
    for run_id in request.run_id:
        points = read_metric(context, run_id, request.metric_key)
        points = points.where(np.arange(min(left, len(points))))
        found += _entities(context, request.metric_key, points, run_id)
        left -= len(points)
    return BulkHistory(metrics=found)


@serve(GET_METRIC_HISTORY_BULK_INTERVAL, needs=Permission.READ)
def get_history_interval(context: Context, request: GetMetricHistoryBulkInterval) -> MetricHistory:
    """Evenly spread points of one metric of many runs, with the least and the greatest of each run."""
    _check_runs(request.run_ids)
    if not 1 <= request.max_results <= MAX_INTERVAL_RESULTS:
        raise InvalidRequest(f"max_results is from 1 to {MAX_INTERVAL_RESULTS}, not {request.max_results}.")
    if (request.start_step is None) != (request.end_step is None):
        raise InvalidRequest("start_step and end_step go together: give both or neither.")
    if (
        request.start_step is not None
        and request.end_step is not None
        and request.start_step > request.end_step
    ):
        raise InvalidRequest(f"start_step {request.start_step} is after end_step {request.end_step}.")
    found: list[Metric] = []
    for run_id in request.run_ids:
        points = _between(
            read_metric(context, run_id, request.metric_key), request.start_step, request.end_step
        )
        points = points.where(evenly_spread(points, request.max_results))
        found += _entities(context, request.metric_key, points, run_id)
    return MetricHistory(metrics=tuple(found))


@serve(GET_METRIC_SERIES, needs=Permission.READ)
def get_series(context: Context, request: GetMetricSeries) -> MetricSeries:
    """Series for charts, each reduced to what a chart can show, without hiding a spike."""
    _check_runs(request.run_ids)
    if not 1 <= request.max_points <= MAX_SERIES_POINTS:
        raise InvalidRequest(f"max_points is from 1 to {MAX_SERIES_POINTS}, not {request.max_points}.")
    if len(request.keys) > MAX_SERIES_KEYS:
        raise InvalidRequest(f"A call reads up to {MAX_SERIES_KEYS} metrics, not {len(request.keys)}.")
    wanted = []
    for run_id in dict.fromkeys(request.run_ids):
        names = metrics.keys_of(context.transaction, runs.get(context.transaction, run_id)).values()
        wanted += [
            ChartSeries(run_id=run_id, key=name) for name in names if not request.keys or name in request.keys
        ]
    found: list[Series] = []
    for start in range(0, len(wanted), MAX_SERIES):
        part = wanted[start : start + MAX_SERIES]
        chart = GetMetricChart(
            series=tuple(part),
            start=request.start_step,
            end=request.end_step,
            n_buckets=min(request.max_points, MAX_ALL_BUCKETS // len(part)),
        )
        found += _series(part, buckets_of(context, chart))
    return MetricSeries(series=tuple(found))


@serve(LIST_METRIC_NAMES, needs=Permission.READ)
def list_metric_names(context: Context, request: ListMetricNames) -> MetricNames:
    """The metrics that any of some runs has; ids that no run has are passed over."""
    _check_runs(request.run_ids)
    rows = runs.find_all(context.transaction, list(dict.fromkeys(request.run_ids)))
    names = metrics.names_of(context.transaction, rows)
    return MetricNames(names=tuple(names), curves=tuple(name for name, goes_on in names.items() if goes_on))


def read_metric(context: Context, run_id: str, key: str) -> Points:
    """All points of one metric of one run, by step.

    Raises:
        NotFound: No such run.
    """
    row = runs.get(context.transaction, run_id)
    (key_id,) = keys.find_ids(context.transaction.database, [key]).values()
    return metrics.read(context.transaction, row, [key_id]).in_step_order()


def _series(wanted: Sequence[ChartSeries], buckets: Buckets) -> Iterator[Series]:
    """Each series of a chart as lists."""
    cells = buckets.cells
    bounds = np.searchsorted(buckets.series, np.arange(len(wanted) + 1)).tolist()
    for each, start, end in zip(wanted, bounds[:-1], bounds[1:], strict=True):
        part = cells.where(slice(start, end))
        n_points = int(part.n_points.sum())
        is_sampled = n_points > end - start
        yield Series(
            run_id=each.run_id,
            key=each.key,
            n_points=n_points,
            is_sampled=is_sampled,
            steps=part.last_steps.tolist(),
            timestamps=part.last_ms.tolist(),
            values=_lasts(part).tolist(),
            minimums=part.minimums.tolist() if is_sampled else None,
            maximums=part.maximums.tolist() if is_sampled else None,
        )


def _lasts(cells: Cells) -> NDArray[np.float64]:
    """The last finite value of each cell; the infinity that it has where there is none, else NaN."""
    is_none = np.isnan(cells.lasts)
    return np.select(
        [is_none & (cells.n_pos_inf > 0), is_none & (cells.n_neg_inf > 0)], [np.inf, -np.inf], cells.lasts
    )


def _between(points: Points, start: int | None, end: int | None) -> Points:
    if start is None and end is None:
        return points
    mask = np.ones(len(points), bool)
    if start is not None:
        mask &= points.steps >= start
    if end is not None:
        mask &= points.steps <= end
    return points.where(mask)


def _check_runs(run_ids: Sequence[str]) -> None:
    if not 1 <= len(run_ids) <= MAX_BULK_RUNS:
        raise InvalidRequest(f"A call reads 1 to {MAX_BULK_RUNS} runs, not {len(run_ids)}.")


def _entities(context: Context, key: str, points: Points, run_id: str | None = None) -> list[Metric]:
    sources: dict[int, Source] = {}
    source_ids = [0] * len(points)
    if points.sources is not None and points.sources.any():
        sources = metrics.sources(context.transaction)
        source_ids = points.sources.tolist()
    nothing: Source = (None, None, None)
    made = []
    for value, timestamp, step, source_id in zip(
        points.values.tolist(), points.timestamps.tolist(), points.steps.tolist(), source_ids, strict=True
    ):
        model_id, dataset_name, dataset_digest = sources.get(source_id, nothing)
        made.append(
            Metric(
                key=key,
                value=value,
                timestamp=timestamp,
                step=step,
                run_id=run_id,
                model_id=model_id,
                dataset_name=dataset_name,
                dataset_digest=dataset_digest,
            )
        )
    return made
