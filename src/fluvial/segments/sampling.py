"""Fewer points for a chart, without hiding what matters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.points import Points


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
