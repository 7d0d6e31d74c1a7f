"""Charts of metrics: `POST /api/1.0/fluvial/metrics/charts` answers an Arrow IPC stream.

The answer's one table has a row for each bucket, by series in the order asked for, then along the x axis:

    series            uint32    which of the series asked for, from 0
    x_first, x_last   int64     where the bucket's first and its last point are; float64 for the axis `metric`
    min, max, mean    float64   of the finite values in the bucket
    first, last       float64   the first and the last finite value along the axis
    count             uint32    points in the bucket, whatever their value
    n_nan, n_pos_inf, n_neg_inf   uint32   how many of them are no finite number

Where a bucket has no finite value, min, max, mean, first and last are NaN. The buckets of a series do not
overlap, and every point of the range is in exactly one. A range with no more points than buckets comes point
by point. Else buckets are about equally wide, and their bounds fall between groups of neighbouring points
that the server keeps: each bucket is exact for the points from its own x_first to its x_last.
"""

from __future__ import annotations

from enum import StrEnum

from fluvial.wire.endpoint import Message

CHARTS_PATH = "/api/1.0/fluvial/metrics/charts"
MEDIA_TYPE = "application/vnd.apache.arrow.stream"
MAX_SERIES = 1000
MAX_BUCKETS = 10_000
MAX_ALL_BUCKETS = 1_000_000


class Axis(StrEnum):
    """What lies along the x axis.

    Attributes:
        STEP: The training step.
        TIME: When it was measured, ms since the epoch.
        RELATIVE: The same, in ms since the start of the run.
        METRIC: The last value that another metric of the run had at the same step.
    """

    STEP = "step"
    TIME = "time"
    RELATIVE = "relative"
    METRIC = "metric"


class ChartSeries(Message, frozen=True, kw_only=True):
    """One metric of one run."""

    run_id: str
    key: str


class GetMetricChart(Message, frozen=True, kw_only=True):
    """Series to draw.

    Attributes:
        series: Up to 1,000.
        x: What lies along the x axis.
        x_key: The metric on the x axis, where `x` is `metric`.
        start: Where the range begins, in the axis' unit, itself included; absent for the first point.
        end: Where it ends, itself included; absent for the last point.
        n_buckets: The most buckets for a series, 1 to 10,000; all series together, up to 1,000,000.
    """

    series: tuple[ChartSeries, ...]
    x: Axis = Axis.STEP
    x_key: str | None = None
    start: float | None = None
    end: float | None = None
    n_buckets: int = 1000
