"""What a chart shows of some metrics: buckets of points, exact, as columns."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from fluvial.errors import MissingExtra
from fluvial.wire.charts import Axis, ChartSeries, GetMetricChart

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pandas
    import pyarrow


class ChartedSeries(NamedTuple):
    """One metric of one run in a chart."""

    run_id: str
    key: str


class MetricChart:
    """Series reduced to what a chart can show, without hiding a spike, a NaN or an infinity.

    Each row is a bucket of neighbouring points: `series` (its position in the attribute `series`), `x_first`
    and `x_last`, `min`, `max`, `mean`, `first` and `last` of the finite values, `count`, and how many points
    are `n_nan`, `n_pos_inf` and `n_neg_inf`. With few points, each is a row.

    Attributes:
        series: The series, in the order asked for.
        content: The rows as an Arrow IPC stream, for whatever reads that.
    """

    def __init__(self, series: Sequence[ChartedSeries], content: bytes) -> None:
        self.series = tuple(series)
        self.content = content

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a table of pyarrow."""
        return _pyarrow().ipc.open_stream(self.content).read_all()

    def to_numpy(self) -> dict[str, Any]:
        """All rows as one NumPy array for each column."""
        table = self.to_arrow()
        return {name: table.column(name).to_numpy() for name in table.column_names}

    def to_pandas(self) -> pandas.DataFrame:
        """All rows as a data frame, with `run_id` and `key` in place of `series`."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        numbers = frame.pop("series")
        frame.insert(0, "run_id", [self.series[number].run_id for number in numbers])
        frame.insert(1, "key", [self.series[number].key for number in numbers])
        return frame

    def __repr__(self) -> str:
        return f"<MetricChart of {len(self.series)} series, {len(self.content):,} bytes>"


def series_of(run_ids: str | Sequence[str], keys: str | Sequence[str]) -> list[ChartedSeries]:
    """Each of some metrics of each of some runs."""
    runs = [run_ids] if isinstance(run_ids, str) else run_ids
    names = [keys] if isinstance(keys, str) else keys
    return [ChartedSeries(run_id, key) for key in names for run_id in runs]


def chart_request(
    series: Sequence[ChartedSeries], x: str, start: float | None, end: float | None, n_buckets: int
) -> GetMetricChart:
    """The request for a chart; an `x` that is no axis is a metric's name."""
    is_metric = x not in {Axis.STEP, Axis.TIME, Axis.RELATIVE}
    return GetMetricChart(
        series=tuple(ChartSeries(run_id=run_id, key=key) for run_id, key in series),
        x=Axis.METRIC if is_metric else Axis(x),
        x_key=x if is_metric else None,
        start=start,
        end=end,
        n_buckets=n_buckets,
    )


def _pyarrow() -> Any:
    try:
        importlib.import_module("pyarrow.ipc")
        return importlib.import_module("pyarrow")
    except ModuleNotFoundError as error:
        raise MissingExtra("A chart's rows as a table", "parquet") from error
