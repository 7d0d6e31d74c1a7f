"""Metric points as columns, and their packed form.

A segment holds the points of one run that came in one batch. Steps and times are kept as differences,
all columns byte-shuffled (the first bytes of all values, then the second bytes, ...) and compressed
together with zstd; small segments are left plain, where packing would cost more than it saves.

    u8 version | u8 flags | u16 number of keys | u32 number of points | payload
    payload, perhaps compressed: keys i64[k] | key index u8 or u16[n] | steps i64[n] |
        timestamps i64[n] | values f64[n] | sources i64[n], where flag SOURCES is set

All little-endian.
"""

from __future__ import annotations

import struct
import sys
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.cells import starts_of
from fluvial.segments.columns import Scalar, unshuffled

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_HEADER = struct.Struct("<BBHI")
_ONE = struct.Struct("<BBHIqBqqd")
_VERSION: Final = 1
_COMPRESSED: Final = 1
_SOURCES: Final = 2
_PLAIN_BELOW: Final = 64
_LEVEL: Final = 1
MAX_KEYS: Final = 65_535


class Points:
    """Points of one run, in the order in which they came.

    Attributes:
        keys: Interned id of each point's metric, int64, shape (n,).
        steps: Training steps, int64, shape (n,).
        timestamps: ms since the epoch, int64, shape (n,).
        values: float64, shape (n,); NaN and infinities as they are.
        sources: Id of what each was measured on, 0 for nothing said, int64, shape (n,); None where
            that holds for all.
    """

    __slots__ = ("keys", "sources", "steps", "timestamps", "values")

    def __init__(
        self,
        keys: NDArray[np.int64],
        steps: NDArray[np.int64],
        timestamps: NDArray[np.int64],
        values: NDArray[np.float64],
        sources: NDArray[np.int64] | None = None,
    ) -> None:
        self.keys = keys
        self.steps = steps
        self.timestamps = timestamps
        self.values = values
        self.sources = sources

    def __len__(self) -> int:
        return len(self.values)

    def where(self, mask: NDArray[np.bool_] | NDArray[np.intp]) -> Points:
        """The points that a mask or a list of positions picks."""
        return Points(
            self.keys[mask],
            self.steps[mask],
            self.timestamps[mask],
            self.values[mask],
            None if self.sources is None else self.sources[mask],
        )

    @staticmethod
    def concatenate(parts: list[Points]) -> Points:
        """Points one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            none = np.empty(0, np.int64)
            return Points(none, none, none, np.empty(0))
        sources = None
        if any(part.sources is not None for part in parts):
            sources = np.concatenate(
                [np.zeros(len(p), np.int64) if p.sources is None else p.sources for p in parts]
            )
        return Points(
            np.concatenate([p.keys for p in parts]),
            np.concatenate([p.steps for p in parts]),
            np.concatenate([p.timestamps for p in parts]),
            np.concatenate([p.values for p in parts]),
            sources,
        )

    def in_step_order(self) -> Points:
        """The points of one metric by step, then time, then arrival; exact repetitions kept once.

        A client that retries may log the same point twice; MLflow's protocol keeps it once.
        """
        if len(self) < 2:
            return self
        by_step, by_time = np.diff(self.steps), np.diff(self.timestamps)
        if bool(np.all((by_step > 0) | ((by_step == 0) & (by_time > 0)))):
            return self
        bits = self.values.view(np.int64)
        order = np.lexsort((np.arange(len(self)), bits, self.timestamps, self.steps))
        same = (
            (np.diff(self.steps[order]) == 0)
            & (np.diff(self.timestamps[order]) == 0)
            & (np.diff(bits[order]) == 0)
        )
        if self.sources is not None:
            same &= np.diff(self.sources[order]) == 0
        kept = order[np.concatenate(([True], ~same))]
        # back to arrival order among points of one step and time
        return self.where(kept[np.lexsort((kept, self.timestamps[kept], self.steps[kept]))])


def pack(points: Points) -> bytes:
    """Points as a segment.

    Raises:
        ValueError: More than 65,535 different keys.
    """
    n = len(points)
    if n == 1 and points.sources is None:
        return _pack_one(points)
    keys, index = _distinct(points.keys)
    if len(keys) > MAX_KEYS:
        raise ValueError(f"A segment holds at most {MAX_KEYS} different keys, not {len(keys)}.")
    is_plain = n < _PLAIN_BELOW
    columns = [
        keys,
        index.astype(_index_type(len(keys))),
        _differences(points.steps),
        _differences(points.timestamps),
        np.ascontiguousarray(points.values, np.float64),
    ]
    flags = 0
    if points.sources is not None:
        flags |= _SOURCES
        columns.append(np.ascontiguousarray(points.sources, np.int64))
    if is_plain:
        payload = b"".join(column.tobytes() for column in columns)
    else:
        flags |= _COMPRESSED
        payload = zstd.compress(b"".join(_shuffled(column) for column in columns), _LEVEL)
    return _HEADER.pack(_VERSION, flags, len(keys), n) + payload


def _distinct(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The different keys, and which of them each point has; quick where points come series after series."""
    starts = starts_of(keys)
    distinct, index = np.unique(keys[starts], return_inverse=True)
    return distinct, np.repeat(index, np.diff(starts, append=len(keys)))


def _pack_one(points: Points) -> bytes:
    """The same as `pack`, for the point that a client logs by itself: 2 us, not 60."""
    return _ONE.pack(
        _VERSION,
        0,
        1,
        1,
        points.keys.item(),
        0,
        points.steps.item(),
        points.timestamps.item(),
        points.values.item(),
    )


def unpack(segment: bytes) -> Points:
    """The points of a segment.

    Raises:
        ValueError: The segment was written by a newer version.
    """
    version, flags, n_keys, n = _HEADER.unpack_from(segment)
    if version != _VERSION:
        raise ValueError(f"A segment of version {version} cannot be read: upgrade fluvial.")
    is_packed = bool(flags & _COMPRESSED)
    payload = memoryview(segment)[_HEADER.size :]
    reader = _Reader(zstd.decompress(payload) if is_packed else payload, is_packed)
    keys = reader.column(np.dtype(np.int64), n_keys)
    index = reader.column(_index_type(n_keys), n)
    steps = np.cumsum(reader.column(np.dtype(np.int64), n))
    timestamps = np.cumsum(reader.column(np.dtype(np.int64), n))
    values = reader.column(np.dtype(np.float64), n)
    sources = reader.column(np.dtype(np.int64), n) if flags & _SOURCES else None
    return Points(keys[index], steps, timestamps, values, sources)


class _Reader:
    def __init__(self, payload: bytes | memoryview, is_shuffled: bool) -> None:
        self._payload = payload
        self._is_shuffled = is_shuffled
        self._position = 0

    def column(self, kind: np.dtype[Scalar], n: int) -> NDArray[Scalar]:
        start = self._position
        self._position += kind.itemsize * n
        if self._is_shuffled:
            return unshuffled(self._payload, start, kind, n)
        return np.frombuffer(self._payload, kind, n, start)


def _differences(column: NDArray[np.int64]) -> NDArray[np.int64]:
    differences = column.copy()  # np.diff with prepend does the same in eight times the time
    differences[1:] -= column[:-1]
    return differences


def _shuffled(column: NDArray[np.generic]) -> bytes:
    if column.itemsize == 1:
        return column.tobytes()
    return column.view(np.uint8).reshape(len(column), column.itemsize).T.tobytes()


def _index_type(n_keys: int) -> np.dtype[Any]:
    return np.dtype(np.uint8) if n_keys <= 256 else np.dtype(np.uint16)
