"""How system metrics are logged: MLflow's functions to turn them on and off, and to say how often."""

from __future__ import annotations

from typing import Any

from fluvial.client.process import this_process
from fluvial.errors import InvalidRequest

__all__ = [
    "disable_system_metrics_logging",
    "enable_system_metrics_logging",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
]


def enable_system_metrics_logging() -> None:
    """Measure the machine during runs that begin from now on, as is the default."""
    this_process().capture.sampling.is_on = True


def disable_system_metrics_logging() -> None:
    """Measure nothing during runs that begin from now on, unless they say `log_system_metrics=True`.

    Example:
        >>> fluvial.disable_system_metrics_logging()
    """
    this_process().capture.sampling.is_on = False


def set_system_metrics_sampling_interval(interval: Any) -> None:
    """Measure every so many seconds; none for the default.

    Raises:
        InvalidRequest: It is no time.

    Example:
        >>> fluvial.set_system_metrics_sampling_interval(30)
    """
    process = this_process()
    if interval is None:
        interval = process.settings.system_metrics_sampling_interval_s
    if not isinstance(interval, int | float) or not 0 < interval < float("inf"):
        raise InvalidRequest(f"The sampling interval is a number of seconds above 0, not {interval!r}.")
    process.capture.sampling.interval_s = float(interval)


def set_system_metrics_samples_before_logging(samples: Any) -> None:
    """Log the mean of so many samples; none for the default.

    Raises:
        InvalidRequest: It is no number of samples.
    """
    process = this_process()
    if samples is None:
        samples = process.settings.system_metrics_samples_before_logging
    if not isinstance(samples, int) or samples < 1:
        raise InvalidRequest(f"The number of samples is a whole number from 1 on, not {samples!r}.")
    process.capture.sampling.n_samples = samples


def set_system_metrics_node_id(node_id: Any) -> None:
    """Put this name into the metrics of this machine, as in `system/<name>/cpu_utilization_percentage`.

    None stands for no name. Where several machines log to one run, each needs a name of its own.
    """
    this_process().capture.sampling.node_id = "" if node_id is None else str(node_id)
