"""Fewer points for a chart, without hiding what matters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.points import Points


class Buckets(NamedTuple):
    """Neighbouring points taken together; all arrays have shape (n_buckets,).

    Attributes:
        steps: Step of each bucket's last point.
        timestamps: Its time, ms since the epoch.
        values: The last finite value of the bucket; its last value where none is finite.
        minimums: Least value, NaN left out; NaN where all are.
        maximums: Greatest value, NaN left out; NaN where all are.
    """

    steps: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    values: NDArray[np.float64]
    minimums: NDArray[np.float64]
    maximums: NDArray[np.float64]


def envelope(points: Points, n_buckets: int) -> Buckets:
    """Points in equal shares, each with its exact minimum and maximum.

    Args:
        points: In step order; at least `n_buckets` of them.
        n_buckets: How many buckets.
    """
    n = len(points)
    bounds = np.linspace(0, n, n_buckets + 1).astype(np.int64)
    starts, lasts = bounds[:-1], bounds[1:] - 1
    # For each point the position of the last finite one up to it; outside its bucket it does not count.
    positions = np.where(np.isfinite(points.values), np.arange(n), -1)
    last_finite = np.maximum.accumulate(positions)[lasts]
    chosen = np.where(last_finite >= starts, last_finite, lasts)
    return Buckets(
        points.steps[lasts],
        points.timestamps[lasts],
        points.values[chosen],
        np.fmin.reduceat(points.values, starts),
        np.fmax.reduceat(points.values, starts),
    )


def evenly_spread(points: Points, n_wanted: int) -> NDArray[np.intp]:
    """Positions of about `n_wanted` evenly spread points, with the least and the greatest among them.

    Args:
        points: In step order.
        n_wanted: How many; the extremes may come on top.
    """
    n = len(points)
    if n <= n_wanted:
        return np.arange(n)
    spread = np.linspace(0, n - 1, n_wanted).round().astype(np.intp)
    if np.isnan(points.values).all():
        return spread
    extremes = [np.nanargmin(points.values), np.nanargmax(points.values)]
    return np.unique(np.concatenate((spread, extremes)))
