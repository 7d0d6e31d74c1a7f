"""Functions of `import fluvial` that MLflow lacks: values of any kind, histograms, meanings of metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

from fluvial.client.active_run import active_runs
from fluvial.client.fluent import start_run, tracker_and_run
from fluvial.client.histogram import Histogram, log_histograms
from fluvial.client.metric_definition import TAG_PREFIX, MetricDefinition
from fluvial.client.values import as_key
from fluvial.errors import InvalidRequest

__all__ = ["define_metric", "log", "log_histogram"]


def log(values: Mapping[str, Any], step: SupportsIndex | None = None) -> None:
    """Log values of any kind to the active run: see `ActiveRun.log`.

    Example:
        >>> with fluvial.start_run():
        ...     fluvial.log({"train": {"loss": 0.5, "accuracy": 0.8}, "rate": 0.01}, step=1)
    """
    runs = active_runs()
    (runs[-1] if runs else start_run()).log(values, step)


def log_histogram(
    key: str,
    values: Any = None,
    step: SupportsIndex | None = None,
    bins: int = 64,
    *,
    counts: Sequence[int] | None = None,
    edges: Sequence[float] | None = None,
) -> None:
    """Log the distribution of some numbers, or one that was counted before.

    Args:
        key: Name.
        values: Numbers of any shape, or a `fluvial.Histogram`.
        step: Training step; 0 where it is not given.
        bins: How many bins, of equal width from the least to the greatest value.
        counts: Instead of values, how many are in each bin,
        edges: and where the bins begin, and the last one ends.

    Raises:
        InvalidRequest: These are no numbers; or not one of values and counts with edges is given.

    Example:
        >>> with fluvial.start_run():
        ...     fluvial.log_histogram("weights", [0.1, 0.2, 0.2, 0.7], step=3, bins=8)
    """
    if (values is None) != (counts is not None and edges is not None):
        raise InvalidRequest("log_histogram takes values, or counts and edges.")
    if counts is not None and edges is not None:
        histogram = Histogram.of_counts(counts, edges)
    else:
        histogram = values if isinstance(values, Histogram) else Histogram(values, bins)
    log_histograms(*tracker_and_run(None), {key: histogram}, step)


def define_metric(
    key: str, x_axis: str | None = None, goal: str | None = None, summary: str | None = None
) -> None:
    """Say what a metric of the active run means.

    Args:
        key: The metric.
        x_axis: The metric over which it is drawn, as `epoch`; the step where it is not given.
        goal: `minimize` or `maximize`.
        summary: Which value stands for the run: `last`, `min` or `max`; by the goal where it is not given.

    Raises:
        InvalidRequest: There is no such goal or summary.

    Example:
        >>> with fluvial.start_run():
        ...     fluvial.define_metric("validation/loss", x_axis="epoch", goal="minimize")
    """
    definition = MetricDefinition.checked(x_axis, goal, summary)
    tracker, run_id = tracker_and_run(None)
    tracker.set_tags(run_id, {TAG_PREFIX + as_key("metric", key): definition.to_tag()})
