"""Columns as Arrow IPC streams."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import nanoarrow
import numpy as np
from nanoarrow.ipc import StreamWriter
from numpy.typing import NDArray

from fluvial.segments.buckets import Buckets

_KINDS = {"uint32": nanoarrow.uint32, "int64": nanoarrow.int64, "float64": nanoarrow.float64}


class Numbers(NamedTuple):
    """A column of numbers, null where they are not there."""

    values: NDArray[np.float64]
    is_there: NDArray[np.bool_]


class Texts(NamedTuple):
    """A column of texts: the position of each row's among some, -1 for null."""

    codes: NDArray[np.int64]
    texts: Sequence[str]


class Words(NamedTuple):
    """A column of ASCII texts of one length, all of them in one."""

    joined: str
    length: int


Column = NDArray[Any] | Numbers | Texts | Words


def write_buckets(buckets: Buckets) -> bytes:
    """Buckets as the table that `wire/charts.py` describes."""
    cells = buckets.cells
    return write_table(
        {
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
        },
        len(buckets.series),
    )


def write_table(
    columns: Mapping[str, Column], n_rows: int, metadata: Mapping[str, str] | None = None
) -> bytes:
    """Columns of one length as a table.

    Args:
        columns: By name; an array is a column without nulls.
        n_rows: Their length.
        metadata: Of the schema.
    """
    written = [_written(column, n_rows) for column in columns.values()]
    fields = {name: kind for name, (kind, _) in zip(columns, written, strict=True)}
    schema = nanoarrow.c_schema(nanoarrow.struct(fields, nullable=False))
    if metadata:
        schema = schema.modify(metadata=dict(metadata))
    table = nanoarrow.c_array_from_buffers(schema, n_rows, [None], children=[array for _, array in written])
    out = io.BytesIO()
    with StreamWriter.from_writable(out) as writer:
        writer.write_stream(table)
    return out.getvalue()


def _written(column: Column, n_rows: int) -> tuple[Any, Any]:
    """The schema of a column, and its array."""
    kind, buffers = _laid_out(column, n_rows)
    return kind, nanoarrow.c_array_from_buffers(kind, n_rows, buffers)


def _laid_out(column: Column, n_rows: int) -> tuple[Any, list[Any]]:
    if isinstance(column, Numbers):
        return nanoarrow.float64(), [_validity(column.is_there), np.ascontiguousarray(column.values)]
    if isinstance(column, Texts):
        return nanoarrow.string(), _text_buffers(column)
    if isinstance(column, Words):
        offsets = np.arange(n_rows + 1, dtype=np.int32) * np.int32(column.length)
        return nanoarrow.string(nullable=False), [None, offsets, column.joined.encode("ascii")]
    return _KINDS[column.dtype.name](nullable=False), [None, np.ascontiguousarray(column)]


def _text_buffers(column: Texts) -> list[Any]:
    """Each different text is encoded once."""
    is_there = column.codes >= 0
    used, places = np.unique(column.codes[is_there], return_inverse=True)
    encoded = [column.texts[code].encode() for code in used.tolist()]
    lengths = np.zeros(len(column.codes), np.int64)
    lengths[is_there] = np.array([len(each) for each in encoded], np.int64)[places]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return [_validity(is_there), offsets, b"".join([encoded[place] for place in places.tolist()])]


def _validity(is_there: NDArray[np.bool_]) -> NDArray[np.uint8] | None:
    return None if is_there.all() else np.packbits(is_there, bitorder="little")
