"""Pages of views as Arrow. Needs pyarrow, the extra `parquet`."""

from __future__ import annotations

import importlib
from typing import Any

from fluvial.wire.views import VIEWS, Kind, Page

pa: Any = importlib.import_module("pyarrow")

_TYPES: dict[Kind, Any] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "repeated text": pa.dictionary(pa.int32(), pa.string()),
    "time": pa.timestamp("ms", tz="UTC"),
}


def schema(view: str, columns: tuple[str, ...] = ()) -> Any:
    """The Arrow schema of a view, or of some of its columns."""
    kinds = VIEWS[view]
    return pa.schema([(name, _TYPES[kinds[name]]) for name in columns or kinds])


def batch(view: str, page: Page, columns: tuple[str, ...] = ()) -> Any:
    """The rows of a page."""
    wanted = schema(view, columns)
    arrays = [_array(page.columns[field.name], field.type, page.n_rows) for field in wanted]
    return pa.RecordBatch.from_arrays(arrays, schema=wanted)


def _array(column: Any, kind: Any, n_rows: int) -> Any:
    if isinstance(column, bytes):
        return pa.Array.from_buffers(kind, n_rows, [None, pa.py_buffer(column)])
    if pa.types.is_dictionary(kind):
        values, codes = column
        indices = pa.Array.from_buffers(pa.int32(), n_rows, [None, pa.py_buffer(codes)])
        return pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string()))
    return pa.array(column, kind)
