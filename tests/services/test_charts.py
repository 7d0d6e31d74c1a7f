from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fluvial.errors import InvalidRequest, NotFound
from fluvial.jobs.compaction import compact
from fluvial.segments.points import Points
from fluvial.services.charts import read_chart
from fluvial.services.context import Permission
from fluvial.services.metrics import read_metric
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.wire.charts import Axis, ChartSeries, GetMetricChart
from tests.services.making import get, start
from tests.services.slices import send_points

Rows = dict[str, NDArray[Any]]
NUMBERS = ("min", "max", "mean", "first", "last")


def chart(platform: Platform, *series: tuple[str, str], **more: Any) -> Rows:
    request = GetMetricChart(series=tuple(ChartSeries(run_id=r, key=k) for r, k in series), **more)
    answer = platform.read_with(Permission.READ, EVERYBODY, lambda context: read_chart(context, request))
    table = pa.ipc.open_stream(answer).read_all()
    return {name: table[name].to_numpy() for name in table.column_names}


def of_series(rows: Rows, number: int) -> Rows:
    return {name: column[rows["series"] == number] for name, column in rows.items()}


def history(platform: Platform, run_id: str, key: str) -> Points:
    return platform.read_with(Permission.READ, EVERYBODY, lambda context: read_metric(context, run_id, key))


def compacted(platform: Platform) -> None:
    compact(platform, idle_ms=-1_000_000_000_000, for_s=60)


def check_exact(found: Rows, xs: NDArray[Any], values: NDArray[np.float64], n_buckets: int) -> None:
    """Buckets against every point of the range, in the order of the axis, counted one by one."""
    n_rows = len(found["count"])
    assert found["count"].sum() == len(values)
    rows = {name: column.tolist() for name, column in found.items()}
    assert n_rows <= max(n_buckets, 0 if len(values) > n_buckets else len(values))
    bounds = np.concatenate(([0], np.cumsum(found["count"]))).astype(int)
    for index in range(n_rows):
        part = values[bounds[index] : bounds[index + 1]]
        finite = part[np.isfinite(part)]
        assert rows["x_first"][index] == xs[bounds[index]]
        assert rows["x_last"][index] == xs[bounds[index + 1] - 1]
        assert rows["n_nan"][index] == np.isnan(part).sum()
        assert rows["n_pos_inf"][index] == np.isposinf(part).sum()
        assert rows["n_neg_inf"][index] == np.isneginf(part).sum()
        if not len(finite):
            assert all(math.isnan(rows[name][index]) for name in NUMBERS)
            continue
        assert rows["min"][index] == finite.min()
        assert rows["max"][index] == finite.max()
        assert rows["first"][index] == finite[0]
        assert rows["last"][index] == finite[-1]
        assert rows["mean"][index] == pytest.approx(finite.mean(), rel=1e-9, abs=1e-9)


def check(
    platform: Platform, run_id: str, axis: Axis, span: tuple[float | None, float | None], n: int
) -> Rows:
    rows = chart(platform, (run_id, "m"), x=axis, start=span[0], end=span[1], n_buckets=n)
    points = history(platform, run_id, "m")
    if axis is not Axis.STEP:
        points = points.where(np.argsort(points.timestamps, kind="stable"))
    xs = points.steps if axis is Axis.STEP else points.timestamps
    if axis is Axis.RELATIVE:
        xs = xs - get(platform, run_id).info.start_time
    mask = np.ones(len(xs), bool)
    if span[0] is not None:
        mask &= xs >= span[0]
    if span[1] is not None:
        mask &= xs <= span[1]
    check_exact(rows, xs[mask], points.values[mask], n)
    return rows


BATCH = st.tuples(
    st.sampled_from([0, 0, 5_000, 40_000, 300_000]),  # first step
    st.sampled_from([1, 300, 9_000, 40_000]),  # points
    st.sampled_from([0, 1, 1, 3, 50]),  # steps between two points
    st.sampled_from([0, 1, 2]),  # how the time depends on the step
    st.sampled_from([0.0, 0.001, 0.9]),  # share of what is no number
    st.booleans(),  # compacted after
)
BOUND = st.one_of(st.none(), st.integers(-10, 500_000))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(BATCH, min_size=1, max_size=6),
    axis=st.sampled_from([Axis.STEP, Axis.TIME, Axis.RELATIVE]),
    bounds=st.tuples(BOUND, BOUND),
    n_buckets=st.sampled_from([1, 7, 100, 1000]),
)
def test_every_bucket_is_exact(
    platform: Platform,
    batches: list[tuple[int, int, int, int, float, bool]],
    axis: Axis,
    bounds: tuple[int | None, int | None],
    n_buckets: int,
) -> None:
    run_id = start(platform)
    chance = np.random.default_rng(7)
    for number, (first, n, stride, clock, nothing, is_compacted) in enumerate(batches):
        steps = first + stride * np.arange(n)
        values = chance.normal(size=n) * 10.0 ** chance.integers(-3, 4, n)
        odd = chance.random(n) < nothing
        values[odd] = chance.choice([math.nan, math.inf, -math.inf], odd.sum())
        times = 1000 + [steps, steps // 100 + 5 * number, chance.integers(0, 400_000, n)][clock]
        send_points(platform, run_id, "m", steps, values, times)
        if is_compacted:
            compacted(platform)
    given_bounds = [bound for bound in bounds if bound is not None]
    span = (bounds[0], bounds[1]) if given_bounds == sorted(given_bounds) else (bounds[1], bounds[0])

    check(platform, run_id, axis, span, n_buckets)


def test_a_spike_shows_at_every_zoom_down_to_its_point(platform: Platform) -> None:
    run_id = start(platform)
    values = np.sin(np.arange(300_000) / 1000)
    values[123_456], values[123_457], values[123_458] = 1e9, math.nan, math.inf
    send_points(platform, run_id, "m", np.arange(300_000), values)
    compacted(platform)

    for half in (300_000, 50_000, 5_000, 400, 3):
        rows = check(platform, run_id, Axis.STEP, (123_456 - half, 123_456 + half), 500)
        assert rows["max"][~np.isnan(rows["max"])].max() == 1e9
        assert (rows["n_nan"].sum(), rows["n_pos_inf"].sum()) == (1, 1)

    assert rows["x_first"].tolist() == list(range(123_453, 123_460))


def test_a_long_series_comes_in_about_as_many_buckets_as_asked_for(platform: Platform) -> None:
    run_id = start(platform)
    send_points(platform, run_id, "m", np.arange(300_000), np.zeros(300_000))
    compacted(platform)

    for n_buckets in (20, 500, 2000):
        assert n_buckets / 2 <= len(check(platform, run_id, Axis.STEP, (None, None), n_buckets)["count"])


def test_where_points_are_few_a_chart_shows_each(platform: Platform) -> None:
    run_id = start(platform)
    sparse = 100_000 + 1000 * np.arange(100)
    steps = np.concatenate((np.arange(100_000), sparse))
    send_points(platform, run_id, "m", steps, np.zeros(len(steps)))
    compacted(platform)

    rows = check(platform, run_id, Axis.STEP, (None, None), 1000)

    assert set(sparse[1:].tolist()) <= set(rows["x_first"].tolist())


def test_series_come_in_the_order_asked_for_and_may_be_empty(platform: Platform) -> None:
    first, second = start(platform), start(platform)
    send_points(platform, first, "a", range(5), np.arange(5.0))
    send_points(platform, second, "b", range(3), np.arange(3.0))

    rows = chart(platform, (second, "b"), (first, "b"), (first, "a"), (second, "b"))

    assert [len(of_series(rows, number)["count"]) for number in range(4)] == [3, 0, 5, 3]
    assert not len(chart(platform, (first, "nothing"))["count"])


def test_a_metric_may_lie_along_another(platform: Platform) -> None:
    run_id = start(platform)
    send_points(platform, run_id, "epoch", [0, 10, 10, 20, 30], [0.0, 1.0, 1.5, 2.0, math.nan])
    send_points(platform, run_id, "m", [0, 5, 10, 20, 20, 30], [9.0, 8.0, 7.0, 6.0, 5.0, 4.0])

    rows = chart(platform, (run_id, "m"), x=Axis.METRIC, x_key="epoch", start=0.5)

    assert rows["x_first"].tolist() == [1.5, 2.0, 2.0]
    assert rows["first"].tolist() == [7.0, 6.0, 5.0]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"n_buckets": 0}, "n_buckets"),
        ({"n_buckets": 10_001}, "n_buckets"),
        ({"start": 2, "end": 1}, "after"),
        ({"start": math.nan}, "start"),
        ({"x": Axis.METRIC}, "x_key"),
        ({"x_key": "a"}, "x_key"),
    ],
)
def test_a_chart_that_cannot_be_is_refused(platform: Platform, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        chart(platform, (start(platform), "m"), **wrong)


def test_a_chart_of_too_much_says_what_is_possible(platform: Platform) -> None:
    with pytest.raises(InvalidRequest, match="1000 series"):
        chart(platform, *[("a", "m")] * 1001)
    with pytest.raises(InvalidRequest, match="at most 5000"):
        chart(platform, *[("a", "m")] * 200, n_buckets=5001)
    with pytest.raises(InvalidRequest, match="1 to 1000"):
        chart(platform)


def test_a_chart_of_no_run_is_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound, match="nope"):
        chart(platform, ("nope", "m"))
