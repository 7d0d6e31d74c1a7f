"""Series for charts: exact for every bucket, whatever their length."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fluvial.errors import InvalidRequest, NotFound
from fluvial.segments.arrow import write_buckets
from fluvial.segments.buckets import Axis, Buckets, Placed, Range, StepAxis, TimeAxis, gather
from fluvial.services.context import Context
from fluvial.store import charts, keys, metrics, origins, runs
from fluvial.store.charts import Wanted
from fluvial.store.chunks import Series
from fluvial.store.runs import RunRow
from fluvial.wire.charts import MAX_ALL_BUCKETS, MAX_BUCKETS, MAX_SERIES, ChartSeries, GetMetricChart
from fluvial.wire.charts import Axis as AxisName


def read_chart(context: Context, request: GetMetricChart) -> bytes:
    """The series of a chart as an Arrow stream; see `wire/charts.py`.

    Raises:
        InvalidRequest: Too many series or buckets, or a range that is none.
        NotFound: No such run.
    """
    return write_buckets(buckets_of(context, request))


def buckets_of(context: Context, request: GetMetricChart) -> Buckets:
    """The buckets of all series that are asked for."""
    _check(request)
    rows = _runs(context, request.series)
    span = Range(request.start, request.end)
    ids = keys.find_ids(context.transaction.database, {each.key for each in request.series})
    if request.x is AxisName.METRIC:
        return gather(
            [_against(context, rows[each.run_id], ids[each.key], request, span) for each in request.series]
        )
    forked = _forked(context, list(rows.values()))
    placed: list[Placed | None] = [None] * len(request.series)
    wanted: dict[int, Wanted] = {}
    for number, each in enumerate(request.series):
        row, key_id = rows[each.run_id], ids[each.key]
        axis = _axis(request.x, row)
        if row.run_id in forked:
            points = metrics.read(context.transaction, row, [key_id]).in_step_order()
            placed[number] = charts.read_whole(axis, points, span, request.n_buckets)
        else:
            wanted[number] = Wanted(Series(row.experiment_id, row.run_key, key_id), axis)
    found = charts.read(context.transaction, list(wanted.values()), span, request.n_buckets)
    for number, one in zip(wanted, found, strict=True):
        placed[number] = one
    return gather(placed)


def _check(request: GetMetricChart) -> None:
    n_series = len(request.series)
    if not 1 <= n_series <= MAX_SERIES:
        raise InvalidRequest(f"A chart has 1 to {MAX_SERIES} series, not {n_series}.")
    if not 1 <= request.n_buckets <= MAX_BUCKETS:
        raise InvalidRequest(f"n_buckets is from 1 to {MAX_BUCKETS}, not {request.n_buckets}.")
    if n_series * request.n_buckets > MAX_ALL_BUCKETS:
        raise InvalidRequest(
            f"All series of a chart have up to {MAX_ALL_BUCKETS} buckets together: ask for at most "
            f"{MAX_ALL_BUCKETS // n_series} in each of {n_series} series."
        )
    for name, value in (("start", request.start), ("end", request.end)):
        if value is not None and not math.isfinite(value):
            raise InvalidRequest(f"{name} is a number, not {value}: leave it out for no bound.")
    if request.start is not None and request.end is not None and request.start > request.end:
        raise InvalidRequest(f"start {request.start:g} is after end {request.end:g}.")
    if (request.x is AxisName.METRIC) != (request.x_key is not None):
        raise InvalidRequest(
            "x_key names the metric on the x axis: it goes with x = 'metric', and only with it."
        )


def _runs(context: Context, series: Sequence[ChartSeries]) -> dict[str, RunRow]:
    run_ids = list(dict.fromkeys(each.run_id for each in series))
    rows = {row.run_id: row for row in runs.find_all(context.transaction, run_ids)}
    for run_id in run_ids:
        if run_id not in rows:
            raise NotFound(f"No run has the id {run_id!r}.")
    return rows


def _forked(context: Context, rows: Sequence[RunRow]) -> set[str]:
    """Those of some runs that go on with another's history."""
    forked = {
        (experiment_id, run_key)
        for experiment_id in {row.experiment_id for row in rows}
        for run_key in origins.forked(
            context.transaction,
            experiment_id,
            [row.run_key for row in rows if row.experiment_id == experiment_id],
        )
    }
    return {row.run_id for row in rows if (row.experiment_id, row.run_key) in forked}


def _axis(name: AxisName, row: RunRow) -> Axis:
    if name is AxisName.STEP:
        return StepAxis()
    return TimeAxis(row.start_ms if name is AxisName.RELATIVE else 0)


def _against(
    context: Context, row: RunRow, key_id: int, request: GetMetricChart, span: Range
) -> Placed | None:
    (x_id,) = keys.find_ids(context.transaction.database, [request.x_key or ""]).values()
    points = metrics.read(context.transaction, row, [key_id]).in_step_order()
    x_points = metrics.read(context.transaction, row, [x_id]).in_step_order()
    return charts.read_against(points, x_points, span, request.n_buckets)
