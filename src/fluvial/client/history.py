"""All points of one metric, as columns; a point becomes an object when it is looked at."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from typing import overload

from fluvial.entities.metric import Metric

_COUNT = struct.Struct("<Q")
_ITEM_BYTES = 8


class MetricHistory(Sequence[Metric]):
    """Points of one metric of one run, by step.

    Attributes:
        key: Name of the metric.
        run_id: The run.
        steps: Training steps.
        timestamps: ms since the epoch.
        values: The values.
    """

    def __init__(
        self, key: str, run_id: str, steps: array[int], timestamps: array[int], values: array[float]
    ) -> None:
        self.key = key
        self.run_id = run_id
        self.steps = steps
        self.timestamps = timestamps
        self.values = values

    @classmethod
    def from_columns(cls, key: str, run_id: str, content: bytes) -> MetricHistory:
        """The points in the answer of `POINTS_PATH`."""
        (n,) = _COUNT.unpack_from(content)
        n_bytes = n * _ITEM_BYTES
        steps, timestamps, values = array("q"), array("q"), array("d")
        view = memoryview(content)[_COUNT.size :]
        steps.frombytes(view[:n_bytes])
        timestamps.frombytes(view[n_bytes : 2 * n_bytes])
        values.frombytes(view[2 * n_bytes :])
        if sys.byteorder == "big":
            for column in (steps, timestamps, values):
                column.byteswap()
        return cls(key, run_id, steps, timestamps, values)

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Metric: ...
    @overload
    def __getitem__(self, index: slice) -> MetricHistory: ...
    def __getitem__(self, index: int | slice) -> Metric | MetricHistory:
        if isinstance(index, slice):
            return MetricHistory(
                self.key, self.run_id, self.steps[index], self.timestamps[index], self.values[index]
            )
        return Metric(
            key=self.key,
            value=self.values[index],
            timestamp=self.timestamps[index],
            step=self.steps[index],
            run_id=self.run_id,
        )

    def __repr__(self) -> str:
        return f"<MetricHistory {self.key!r} of run {self.run_id}: {len(self)} points>"
