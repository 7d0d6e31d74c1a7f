"""Buckets as an Arrow IPC stream."""

from __future__ import annotations

import io

import nanoarrow
import numpy as np
from nanoarrow.ipc import StreamWriter

from fluvial.segments.buckets import Buckets


def write_buckets(buckets: Buckets) -> bytes:
    """Buckets as the table that `wire/charts.py` describes."""
    cells = buckets.cells
    columns = {
        "series": buckets.series,
        "x_first": buckets.x_first,
        "x_last": buckets.x_last,
        "min": cells.minimums,
        "max": cells.maximums,
        "mean": buckets.means,
        "first": cells.firsts,
        "last": cells.lasts,
        "count": cells.n_points.astype(np.uint32),
        "n_nan": cells.n_nan.astype(np.uint32),
        "n_pos_inf": cells.n_pos_inf.astype(np.uint32),
        "n_neg_inf": cells.n_neg_inf.astype(np.uint32),
    }
    kinds = {"uint32": nanoarrow.uint32, "int64": nanoarrow.int64, "float64": nanoarrow.float64}
    schema = {name: kinds[column.dtype.name](nullable=False) for name, column in columns.items()}
    n = len(buckets.series)
    arrays = [
        nanoarrow.c_array_from_buffers(schema[name], n, [None, np.ascontiguousarray(column)])
        for name, column in columns.items()
    ]
    table = nanoarrow.c_array_from_buffers(
        nanoarrow.struct(schema, nullable=False), n, [None], children=arrays
    )
    written = io.BytesIO()
    with StreamWriter.from_writable(written) as writer:
        writer.write_stream(table)
    return written.getvalue()
