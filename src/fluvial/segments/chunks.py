"""Chunks: up to 8,192 points of one series, in step order, packed for good.

The columns are steps, timestamps and values, then the sources where any point has one.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.columns import pack_columns, unpack_columns
from fluvial.segments.points import Points

CHUNK_POINTS: Final = 8192


class Moment(NamedTuple):
    """Where a point stands in its series: step, then time in ms; sorts as points do."""

    step: int
    ms: int


def pack_chunk(points: Points) -> bytes:
    """Points of one series as a chunk."""
    columns: list[NDArray[Any]] = [points.steps, points.timestamps, points.values]
    if points.sources is not None and points.sources.any():
        columns.append(points.sources)
    return pack_columns(columns)


def unpack_chunk(data: bytes, key_id: int) -> Points:
    """The points of a chunk.

    Raises:
        ValueError: The chunk was written by a newer version.
    """
    steps, timestamps, values, *sources = unpack_columns(data)
    keys = np.full(len(steps), key_id, np.int64)
    return Points(keys, steps, timestamps, values, sources[0] if sources else None)


def first_moment(points: Points) -> Moment:
    """Where points in step order begin."""
    return Moment(int(points.steps[0]), int(points.timestamps[0]))


def last_moment(points: Points) -> Moment:
    """Where points in step order end."""
    return Moment(int(points.steps[-1]), int(points.timestamps[-1]))
