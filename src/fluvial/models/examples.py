"""Input examples: data that a model takes, kept beside it as JSON in MLflow's forms.

`input_example.json` has the data as they were given, `serving_input_example.json` what a request to a scoring
server would say.
"""

from __future__ import annotations

import base64
import datetime as dt
import importlib
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from fluvial.errors import InvalidModel, InvalidRequest
from fluvial.models.schema import ColSpec, DataType, Schema, TensorSpec
from fluvial.models.values import frame_of_spark

FILE = "input_example.json"
SERVING_FILE = "serving_input_example.json"
_LLM_KEYS = {"messages", "input", "prompt"}  # of a dict that scoring servers take as it is


class Example(Struct, frozen=True):
    """Data that a model takes.

    Attributes:
        data: As `predict` gets them.
        params: What it is told beside them.
    """

    data: Any
    params: dict[str, Any] | None = None


def as_example(given: Any) -> Example:
    """An example as it was given: data, or a pair of data and a dict of params."""
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping):
        return Example(given[0], dict(given[1]))
    return Example(given)


def save_example(example: Example, folder: Path) -> dict[str, Any]:
    """Write an example.

    Returns:
        What the MLmodel file says of it.

    Raises:
        InvalidRequest: It is of no type that JSON can hold.
    """
    kind, content, serving = _encoded(example.data)
    info: dict[str, Any] = {"artifact_path": FILE, "type": kind, "serving_input_path": SERVING_FILE}
    if kind == "dataframe":
        info["pandas_orient"] = "split"
    if example.params is not None:
        info["params"] = "true"
        content = {"inputs": content, "params": _plain(example.params)}
        serving = {**serving, "params": _plain(example.params)}
    (folder / FILE).write_text(json.dumps(content, allow_nan=False), encoding="utf-8")
    if kind.startswith("sparse_matrix"):
        del info["serving_input_path"]
    else:
        (folder / SERVING_FILE).write_text(json.dumps(serving, indent=2, allow_nan=False), encoding="utf-8")
    return info


def load_example(info: Mapping[str, Any] | None, folder: Path, schema: Schema | None) -> Example | None:
    """Read an example back.

    Args:
        info: What the MLmodel file says of it.
        folder: Of the model.
        schema: Of its inputs: JSON has no dtypes.

    Raises:
        InvalidModel: It cannot be read.
    """
    if not info:
        return None
    try:
        content = json.loads((folder / str(info["artifact_path"])).read_text(encoding="utf-8"))
        params = None
        if str(info.get("params", "")).lower() == "true":
            content, params = content["inputs"], content["params"]
        return Example(_decoded(str(info["type"]), content, schema), params)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise InvalidModel(f"The input example of the model cannot be read: {error!r}") from error


def _encoded(data: Any) -> tuple[str, Any, dict[str, Any]]:
    """The kind of an example, its JSON, and that of a request with it."""
    framework, kind = type(data).__module__.partition(".")[0], type(data).__name__
    if framework == "polars" and kind == "DataFrame":
        columns = [_plain(data[name].to_list()) for name in data.columns]
        split = {"columns": data.columns, "data": [list(row) for row in zip(*columns, strict=True)]}
        return "dataframe", split, {"dataframe_split": split}
    if framework == "pyspark" and kind == "DataFrame":
        return _encoded(frame_of_spark(data.limit(10)))
    if framework == "pandas":
        frame = data.to_frame() if kind == "Series" else data
        columns = [_plain(frame.iloc[:, n].tolist()) for n in range(len(frame.columns))]
        rows = [list(row) for row in zip(*columns, strict=True)]
        split = {"columns": [_plain(name) for name in frame.columns], "data": rows}
        return "dataframe", split, {"dataframe_split": split}
    if isinstance(data, np.ndarray) or _is_tensors(data):
        content = (
            {key: _plain(value) for key, value in data.items()} if isinstance(data, Mapping) else _plain(data)
        )
        return "ndarray", content, {"inputs": content}
    if framework == "scipy" and hasattr(data, "tocsr"):
        form = "csc" if data.format == "csc" else "csr"
        matrix = data.asformat(form)
        parts = {name: getattr(matrix, name).tolist() for name in ("data", "indices", "indptr")}
        return f"sparse_matrix_{form}", {**parts, "shape": list(matrix.shape)}, {}
    content = _plain(data)
    is_request = isinstance(content, dict) and bool(_LLM_KEYS & content.keys())
    return "json_object", content, content if is_request else {"inputs": content}


def _decoded(kind: str, content: Any, schema: Schema | None) -> Any:
    if kind == "dataframe":
        frame = importlib.import_module("pandas").DataFrame(**content)
        return _with_types(frame, schema)
    if kind == "ndarray":
        dtypes = {s.name: s.dtype for s in schema or () if isinstance(s, TensorSpec)}
        if isinstance(content, dict):
            return {key: _tensor(value, dtypes.get(key)) for key, value in content.items()}
        return _tensor(content, dtypes.get(None))
    if kind.startswith("sparse_matrix"):
        sparse = importlib.import_module("scipy.sparse")
        make = sparse.csc_matrix if kind.endswith("csc") else sparse.csr_matrix
        return make((content["data"], content["indices"], content["indptr"]), shape=content["shape"])
    return content


def _with_types(frame: Any, schema: Schema | None) -> Any:
    """A frame with what JSON cannot say: bytes, times, widths."""
    for position, spec in enumerate(schema or ()):
        if not isinstance(spec, ColSpec) or (spec.name is not None and spec.name not in frame.columns):
            continue
        name = frame.columns[position] if spec.name is None else spec.name
        if spec.kind is DataType.binary:
            frame[name] = [None if one is None else base64.b64decode(one) for one in frame[name]]
        elif spec.kind is DataType.datetime:
            frame[name] = sys.modules["pandas"].to_datetime(frame[name])
        elif spec.kind in _WIDTHS and not frame[name].isna().any():
            frame[name] = frame[name].astype(_WIDTHS[spec.kind])
        elif spec.kind in (DataType.float, DataType.double):
            frame[name] = frame[name].astype("float32" if spec.kind is DataType.float else "float64")
    return frame


_WIDTHS: dict[Any, str] = {
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
    DataType.boolean: "bool",
}


def _tensor(content: Any, dtype: str | None) -> np.ndarray[Any, Any]:
    return np.asarray(content, dtype=None if dtype in (None, "str", "bytes") else dtype)


def _is_tensors(data: Any) -> bool:
    return isinstance(data, Mapping) and bool(data) and all(isinstance(v, np.ndarray) for v in data.values())


def _plain(value: Any) -> Any:
    """A value as JSON has it: NaN as null, bytes in base64, times in ISO's form.

    Raises:
        InvalidRequest: JSON has no such thing.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump())
    if isinstance(value, dt.date) or hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()  # noqa: PLR0124  NaT
    if type(value).__name__ == "NAType":
        return None
    raise InvalidRequest(f"An input example is of data that JSON can hold, not of {type(value).__name__}.")
