"""Metric history over the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from fluvial.entities.metric import Metric
from fluvial.wire.endpoint import Endpoint, Message
from fluvial.wire.runs import OfRun

POINTS_PATH = "/api/1.0/fluvial/metrics/points"
MAX_BULK_RUNS = 100
MAX_BULK_RESULTS = 25_000
MAX_INTERVAL_RESULTS = 2_500
MAX_SERIES_POINTS = 10_000
MAX_SERIES_KEYS = 50


class GetMetricHistory(OfRun, frozen=True, kw_only=True):
    """All points of one metric of one run, oldest first; in pages where `max_results` is given."""

    metric_key: str
    page_token: str | None = None
    max_results: int | None = None


class MetricHistory(Message, frozen=True, kw_only=True):
    """Points of one metric; `next_page_token` is absent on the last page."""

    metrics: tuple[Metric, ...] = ()
    next_page_token: str | None = None


class GetMetricHistoryBulk(Message, frozen=True, kw_only=True):
    """Points of one metric of up to 100 runs (`run_id` repeated)."""

    run_id: tuple[str, ...]
    metric_key: str
    max_results: int = MAX_BULK_RESULTS


class BulkHistory(Message, frozen=True, kw_only=True):
    """Points of one metric of many runs; always present, also when empty."""

    metrics: Annotated[list[Metric], Meta(description="Points, each with its run_id.")]


class GetMetricHistoryBulkInterval(Message, frozen=True, kw_only=True):
    """Evenly spread points of one metric of up to 100 runs, between two steps."""

    run_ids: tuple[str, ...]
    metric_key: str
    start_step: int | None = None
    end_step: int | None = None
    max_results: int = MAX_INTERVAL_RESULTS


class GetMetricSeries(Message, frozen=True, kw_only=True):
    """What a chart draws: series of some runs, each reduced to at most `max_points`.

    Attributes:
        run_ids: Up to 100.
        keys: Up to 50 metric names; none stands for all of each run.
        max_points: Per series, 1 to 10,000.
        start_step: First step to look at.
        end_step: Last step to look at.
    """

    run_ids: tuple[str, ...]
    keys: tuple[str, ...] = ()
    max_points: int = 1000
    start_step: int | None = None
    end_step: int | None = None


class Series(Message, frozen=True, kw_only=True):
    """One metric of one run, in step order.

    With more points than asked for, each entry stands for a bucket of neighbouring points: step and
    time of its last point, its last finite value, and its exact minimum and maximum.

    Attributes:
        run_id: The run.
        key: The metric.
        n_points: Points in the range, before any reduction.
        is_sampled: Whether entries are buckets.
        steps: Shape (n,).
        timestamps: ms since the epoch, shape (n,).
        values: Shape (n,); NaN and infinities as they are.
        minimums: Least finite value of each bucket, shape (n,); absent unless sampled.
        maximums: Greatest finite value of each bucket, shape (n,); absent unless sampled.
    """

    run_id: str
    key: str
    n_points: int
    is_sampled: bool
    steps: list[int]
    timestamps: list[int]
    values: list[float]
    minimums: list[float] | None = None
    maximums: list[float] | None = None


class MetricSeries(Message, frozen=True, kw_only=True):
    """Series, by run in the order asked for, then by key."""

    series: tuple[Series, ...]


class ListMetricNames(Message, frozen=True, kw_only=True):
    """Ask which metrics some runs have.

    Attributes:
        run_ids: Up to 100.
    """

    run_ids: tuple[str, ...]


class MetricNames(Message, frozen=True, kw_only=True):
    """The metrics that any of the runs has.

    Attributes:
        names: In order.
        curves: Those of them that go on past step 0.
    """

    names: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()


GET_METRIC_HISTORY = Endpoint("GET", "/api/2.0/mlflow/metrics/get-history", GetMetricHistory, MetricHistory)
GET_METRIC_HISTORY_BULK = Endpoint(
    "GET", "/api/2.0/mlflow/metrics/get-history-bulk", GetMetricHistoryBulk, BulkHistory
)
GET_METRIC_HISTORY_BULK_INTERVAL = Endpoint(
    "GET",
    "/api/2.0/mlflow/metrics/get-history-bulk-interval",
    GetMetricHistoryBulkInterval,
    MetricHistory,
)
GET_METRIC_SERIES = Endpoint(
    "POST", "/api/1.0/fluvial/metrics/series", GetMetricSeries, MetricSeries, is_repeatable=True
)
LIST_METRIC_NAMES = Endpoint(
    "POST", "/api/1.0/fluvial/metrics/names", ListMetricNames, MetricNames, is_repeatable=True
)
