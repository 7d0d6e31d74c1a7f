"""Many points at once, as slices of journals."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fluvial.services.platform import Platform
from fluvial.wire.journal import (
    KIND_POINT,
    POINT_FRAME_BYTES,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    pack_slice,
)

FRAME = np.dtype(
    [
        ("length", "<u4"),
        ("checksum", "<u4"),
        ("kind", "<u4"),
        ("run", "<u4"),
        ("series", "<u4"),
        ("step", "<i8"),
        ("timestamp", "<i8"),
        ("value", "<f8"),
    ]
)


def slice_of(
    run_id: str,
    key: str,
    steps: NDArray[np.int64] | Sequence[int],
    values: NDArray[np.float64] | Sequence[float],
    timestamps: NDArray[np.int64] | Sequence[int] | None = None,
) -> bytes:
    """Points of one metric as the body of an ingest request, from a journal of its own.

    Without timestamps, a point's time is 1,000 ms and its step after the epoch.
    """
    frames = np.zeros(len(steps), FRAME)
    frames["length"] = POINT_FRAME_BYTES - 8
    frames["kind"] = KIND_POINT
    frames["step"] = steps
    frames["timestamp"] = 1000 + np.asarray(steps) if timestamps is None else timestamps
    frames["value"] = values
    header = SliceHeader(
        journal_id=uuid.uuid4().hex,
        first_sequence=0,
        n_records=len(frames),
        runs=(RunDefinition(0, run_id),),
        series=(SeriesDefinition(0, key),),
    )
    return pack_slice(header, frames.tobytes())


def send_points(
    platform: Platform,
    run_id: str,
    key: str,
    steps: NDArray[np.int64] | Sequence[int],
    values: NDArray[np.float64] | Sequence[float],
    timestamps: NDArray[np.int64] | Sequence[int] | None = None,
) -> None:
    """Log points of one metric; see `slice_of`."""
    platform.ingest(slice_of(run_id, key, steps, values, timestamps)).result(60)
