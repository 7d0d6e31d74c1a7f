from __future__ import annotations

import math

import pytest

from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.metrics import (
    GET_METRIC_HISTORY,
    GET_METRIC_HISTORY_BULK,
    GET_METRIC_HISTORY_BULK_INTERVAL,
    GET_METRIC_SERIES,
    LIST_METRIC_NAMES,
    GetMetricHistory,
    GetMetricHistoryBulk,
    GetMetricHistoryBulkInterval,
    GetMetricSeries,
    ListMetricNames,
)
from tests.services.making import log, start


def logged(platform: Platform, n: int, key: str = "m") -> str:
    run_id = start(platform)
    for first in range(0, n, 1000):
        log(platform, run_id, metrics=[(key, float(i), i) for i in range(first, min(first + 1000, n))])
    return run_id


def test_history_holds_every_point_by_step(platform: Platform) -> None:
    run_id = start(platform)
    for value, step in ((1.0, 2), (math.nan, 0), (3.0, 1)):
        log(platform, run_id, metrics=[("m", value, step), ("other", 0.0, step)])

    history = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key="m"))

    assert [(point.step, str(point.value)) for point in history.metrics] == [
        (0, "nan"),
        (1, "3.0"),
        (2, "1.0"),
    ]
    assert history.next_page_token is None


def test_a_point_logged_twice_is_kept_once(platform: Platform) -> None:
    run_id = start(platform)
    for _ in range(2):
        log(platform, run_id, metrics=[("m", 1.0, 0), ("m", 2.0, 0), ("m", math.nan, 0)])

    history = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key="m"))

    assert [str(point.value) for point in history.metrics] == ["1.0", "2.0", "nan"]


def test_history_comes_in_pages_where_asked(platform: Platform) -> None:
    run_id = logged(platform, 25)

    steps, token, sizes = [], None, []
    while True:
        request = GetMetricHistory(run_id=run_id, metric_key="m", max_results=10, page_token=token)
        page = platform.call(GET_METRIC_HISTORY, request)
        steps += [point.step for point in page.metrics]
        sizes.append(len(page.metrics))
        token = page.next_page_token
        if token is None:
            break

    assert steps == list(range(25))
    assert sizes == [10, 10, 5]


def test_a_metric_that_was_never_logged_has_an_empty_history(platform: Platform) -> None:
    request = GetMetricHistory(run_id=start(platform), metric_key="nothing")

    assert platform.call(GET_METRIC_HISTORY, request).metrics == ()


def test_the_history_of_no_run_is_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound):
        platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id="nope", metric_key="m"))


def test_the_history_of_many_runs_names_each_run_and_stops_at_its_limit(platform: Platform) -> None:
    first, second = logged(platform, 3), logged(platform, 3)

    request = GetMetricHistoryBulk(run_id=(first, second), metric_key="m", max_results=4)
    found = platform.call(GET_METRIC_HISTORY_BULK, request).metrics

    assert [(point.run_id, point.step) for point in found] == [
        (first, 0),
        (first, 1),
        (first, 2),
        (second, 0),
    ]


def test_an_interval_keeps_its_ends_and_its_extremes(platform: Platform) -> None:
    run_id = start(platform)
    values = [0.0] * 500
    values[217], values[318] = 99.0, -99.0
    log(platform, run_id, metrics=[("m", value, step) for step, value in enumerate(values)])

    request = GetMetricHistoryBulkInterval(
        run_ids=(run_id,), metric_key="m", start_step=100, end_step=400, max_results=10
    )
    found = platform.call(GET_METRIC_HISTORY_BULK_INTERVAL, request).metrics

    steps = [point.step for point in found]
    assert (steps[0], steps[-1]) == (100, 400)
    assert {217, 318} <= set(steps)
    assert len(steps) <= 12


@pytest.mark.parametrize(
    "wrong",
    [
        {"run_ids": ()},
        {"run_ids": tuple(f"r{i}" for i in range(101))},
        {"max_results": 0},
        {"max_results": 2501},
        {"start_step": 1},
        {"start_step": 2, "end_step": 1},
    ],
)
def test_an_interval_that_cannot_be_is_refused(platform: Platform, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        platform.call(
            GET_METRIC_HISTORY_BULK_INTERVAL,
            GetMetricHistoryBulkInterval(**{"run_ids": ("a",), "metric_key": "m", **wrong}),  # type: ignore[arg-type]
        )


def test_a_short_series_is_drawn_point_by_point(platform: Platform) -> None:
    run_id = start(platform)
    log(platform, run_id, metrics=[("a", 1.0, 0), ("b", math.nan, 0), ("a", 2.0, 1)])

    series = platform.call(GET_METRIC_SERIES, GetMetricSeries(run_ids=(run_id,))).series

    assert [(one.key, one.steps, one.n_points, one.is_sampled) for one in series] == [
        ("a", [0, 1], 2, False),
        ("b", [0], 1, False),
    ]
    assert series[0].values == [1.0, 2.0]
    assert series[0].minimums is None


def test_a_long_series_is_reduced_without_hiding_a_spike(platform: Platform) -> None:
    run_id = start(platform)
    values = [float(step % 7) for step in range(1000)]
    values[613] = 1e6
    log(platform, run_id, metrics=[("m", value, step) for step, value in enumerate(values)])

    request = GetMetricSeries(run_ids=(run_id,), keys=("m",), max_points=20)
    (series,) = platform.call(GET_METRIC_SERIES, request).series

    assert (series.n_points, series.is_sampled, len(series.values)) == (1000, True, 20)
    assert series.maximums is not None
    assert max(series.maximums) == 1e6
    assert series.steps[-1] == 999


def test_a_series_zooms_into_a_range_of_steps(platform: Platform) -> None:
    run_id = logged(platform, 3000)

    request = GetMetricSeries(run_ids=(run_id,), keys=("m",), max_points=100, start_step=1000, end_step=1050)
    (series,) = platform.call(GET_METRIC_SERIES, request).series

    assert series.steps == list(range(1000, 1051))
    assert not series.is_sampled


def test_the_metrics_of_runs_of_two_experiments_are_named_once_with_those_that_go_on(
    platform: Platform,
) -> None:
    first, second = start(platform), start(platform)
    log(platform, first, metrics=[("loss", 1.0, 0), ("score", 0.5, 0)])
    log(platform, second, metrics=[("loss", 0.5, 3)])

    found = platform.call(LIST_METRIC_NAMES, ListMetricNames(run_ids=(first, second, "0" * 32)))

    assert (found.names, found.curves) == (("loss", "score"), ("loss",))
