"""The rules for metric points, whichever way they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from fluvial.entities.keys import check_key
from fluvial.errors import InvalidRequest
from fluvial.segments.points import Points
from fluvial.services.context import Context
from fluvial.store import keys, logged_model_metrics, metrics
from fluvial.store.keys import Kind
from fluvial.store.metrics import Source
from fluvial.store.runs import RunRow

_INT64: Final = range(-(2**63), 2**63)
_BEYOND: Final = "A step or a timestamp is beyond 64 bits."


class Point(Protocol):
    """What the messages that carry one point have in common."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def timestamp(self) -> int: ...  # noqa: D102
    @property
    def step(self) -> int | None: ...  # noqa: D102
    @property
    def model_id(self) -> str | None: ...  # noqa: D102
    @property
    def dataset_name(self) -> str | None: ...  # noqa: D102
    @property
    def dataset_digest(self) -> str | None: ...  # noqa: D102


def append_points(context: Context, given: Mapping[RunRow, Sequence[Point]]) -> None:
    """Append points to runs, all or none.

    Raises:
        InvalidRequest: A name, a time or a step is not allowed.
    """
    store_points(context, {row: _packed(context, row, points) for row, points in given.items()})


def check_point(point: Point) -> None:
    """Find what is wrong with a point, as far as that can be told from it alone.

    Raises:
        InvalidRequest: Its name, time or step is not allowed.
    """
    check_key("metric", point.key)
    _check_timestamp(point.key, point.timestamp)
    if point.timestamp not in _INT64 or (point.step or 0) not in _INT64:
        raise InvalidRequest(_BEYOND)


def _packed(context: Context, row: RunRow, given: Sequence[Point]) -> Points:
    names = [point.key for point in given]
    ids = intern_keys(context, row, names)
    try:
        points = Points(
            np.array([ids[name] for name in names], np.int64),
            np.array([point.step or 0 for point in given], np.int64),
            np.array([point.timestamp for point in given], np.int64),
            np.array([point.value for point in given], np.float64),
            _source_ids(context, given),
        )
    except OverflowError as error:
        raise InvalidRequest(_BEYOND) from error
    check_timestamps(points.timestamps, names)
    return points


def intern_keys(context: Context, row: RunRow, names: Sequence[str]) -> dict[str, int]:
    """The ids of metric names.

    Raises:
        InvalidRequest: A name is not allowed.
    """
    distinct = set(names)
    for name in distinct:
        check_key("metric", name)
    return keys.intern(context.transaction, row.experiment_id, Kind.METRIC, distinct)


def check_timestamps(timestamps: NDArray[np.int64], names: Sequence[str]) -> None:
    """Refuse times before the epoch.

    Raises:
        InvalidRequest: One is negative.
    """
    if len(timestamps):
        at = int(timestamps.argmin())
        _check_timestamp(names[at], int(timestamps[at]))


def _check_timestamp(name: str, ms: int) -> None:
    if ms < 0:
        raise InvalidRequest(
            f"The timestamp of the metric {name!r} is in ms since the epoch, from 0; not {ms}."
        )


def store_points(context: Context, of_runs: Mapping[RunRow, Points]) -> None:
    """Store checked points, and tell whoever watches."""
    metrics.append(context.transaction, of_runs)
    for row, points in of_runs.items():
        logged_model_metrics.append(context.transaction, row.run_id, points)
        context.changed(row.experiment_id, row.run_id, "metrics")


def _source_ids(context: Context, given: Sequence[Point]) -> NDArray[np.int64] | None:
    sources: list[Source] = [(p.model_id, p.dataset_name, p.dataset_digest) for p in given]
    distinct = set(sources)
    if distinct == {(None, None, None)}:
        return None
    ids = {source: metrics.source_id(context.transaction, source) for source in distinct}
    return np.array([ids[source] for source in sources], np.int64)
