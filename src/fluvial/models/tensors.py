"""One tensor held to a dtype and a shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from fluvial.errors import InvalidInput
from fluvial.models.schema import TensorSpec

_KINDS = {"str": "U", "bytes": "S"}


def to_tensor(spec: TensorSpec, data: Any, path: str) -> Any:
    """The array that a tensor's spec wants; a sparse matrix stays one.

    Args:
        spec: What is wanted.
        data: An array, a sparse matrix, a frame or column of pandas, or nested lists.
        path: What it is called in errors.

    Raises:
        InvalidInput: It has another dtype or shape.
    """
    is_untyped = isinstance(data, list | tuple | int | float | str)
    array = _array(spec, data, path)
    if not _has_dtype(spec.dtype, array.dtype):
        if not is_untyped or spec.dtype in _KINDS:
            raise InvalidInput(f"{path} is {spec.dtype}, and was given {array.dtype}")
        converted = array.astype(spec.dtype)
        is_rounding = converted.dtype.kind == array.dtype.kind == "f"
        if not is_rounding and not np.array_equal(converted, array):
            raise InvalidInput(f"{path} is {spec.dtype}, and was given values that are not: {array.dtype}")
        array = converted
    if not _has_shape(tuple(spec.shape), array.shape):
        raise InvalidInput(f"{path} has the shape {tuple(spec.shape)}, and was given {array.shape}")
    return array


def _array(spec: TensorSpec, data: Any, path: str) -> Any:
    if isinstance(data, np.ndarray) or hasattr(data, "tocsr"):
        return data
    if hasattr(data, "columns") and hasattr(data, "to_numpy"):
        frame = data.to_numpy()
        only = frame[:, 0] if frame.dtype.kind == "O" and frame.shape[1] == 1 else None
        return frame if only is None or len(spec.shape) == 1 else _stacked(only, path)
    if hasattr(data, "to_numpy"):
        column = data.to_numpy()
        if (
            column.dtype.kind == "O"
            and spec.dtype != "object"
            and len(column)
            and not isinstance(column[0], str)
        ):
            return _stacked(column, path)
        return column.astype(str) if spec.dtype == "str" else column
    if isinstance(data, list | tuple | int | float | str):
        return _stacked(data, path)
    raise InvalidInput(f"{path} is an array, and was given {type(data).__name__}")


def _stacked(values: Any, path: str) -> Any:
    try:
        return np.asarray([np.asarray(one) for one in values] if isinstance(values, np.ndarray) else values)
    except ValueError as error:
        raise InvalidInput(f"{path} is an array, and was given lists of different lengths") from error


def _has_dtype(wanted: str, given: np.dtype[Any]) -> bool:
    return given.kind == _KINDS[wanted] if wanted in _KINDS else given == np.dtype(wanted)


def _has_shape(wanted: tuple[int, ...], given: tuple[int, ...]) -> bool:
    return len(wanted) == len(given) and all(w in (-1, g) for w, g in zip(wanted, given, strict=True))
