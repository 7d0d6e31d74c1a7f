"""One column of pandas held to a type."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from fluvial.errors import InvalidInput
from fluvial.models.schema import DataType, Kind
from fluvial.models.values import Misfit, fitted

_DTYPES = {
    DataType.boolean: np.dtype("bool"),
    DataType.integer: np.dtype("int32"),
    DataType.long: np.dtype("int64"),
    DataType.float: np.dtype("float32"),
    DataType.double: np.dtype("float64"),
}
_EXACT = {4: 1 << 24, 8: 1 << 53}  # whole numbers up to these are exact as floats of so many bytes


def is_ready(kind: Kind, series: Any) -> bool:
    """Whether every column with this dtype is of that type, whatever its values are."""
    if isinstance(kind, DataType):
        wanted = _DTYPES.get(kind)
        if wanted is not None:
            return bool(series.dtype == wanted)
        if kind is DataType.string:
            return isinstance(series.dtype, sys.modules["pandas"].StringDtype)
        return kind is DataType.datetime and series.dtype == np.dtype("datetime64[ns]")
    return False


def to_column(kind: DataType, series: Any, path: str, *, is_untyped: bool) -> Any:
    """The column as that type, itself where it is so already.

    Args:
        kind: What is wanted.
        series: The column.
        path: What it is called in errors.
        is_untyped: Whether it came from JSON or Python, whose numbers have no width.

    Raises:
        InvalidInput: It has another type, or values that would change.
    """
    if is_ready(kind, series):
        return series
    dtype = series.dtype
    if str(dtype) in ("object", "category", "str", "string"):
        return _from_values(kind, series, path, is_untyped=is_untyped)
    plain = getattr(dtype, "numpy_dtype", dtype)
    if kind is DataType.datetime:
        if getattr(plain, "kind", "") == "M" or getattr(dtype, "tz", None) is not None:
            return series if getattr(dtype, "tz", None) is not None else series.astype("datetime64[ns]")
        raise _refused(kind, series, path)
    if not isinstance(plain, np.dtype) or kind not in _DTYPES:
        raise _refused(kind, series, path)
    return _from_numbers(kind, series, plain, path, is_untyped=is_untyped)


def _from_numbers(kind: DataType, series: Any, given: np.dtype[Any], path: str, *, is_untyped: bool) -> Any:
    wanted: np.dtype[Any] = _DTYPES[kind]
    is_number = given.kind in "iuf" and wanted.kind in "if"
    if given == wanted:  # an extension type of the same width, which may hold missing values
        return series if series.isna().any() else series.astype(wanted)
    if not is_number or (given.kind == "f" and wanted.kind == "i"):
        raise _refused(kind, series, path)
    if given.kind == wanted.kind == "f":
        if given.itemsize <= wanted.itemsize or (is_untyped and _is_in_range(series, wanted)):
            return series.astype(wanted)
        raise _refused(kind, series, path)
    present = series.dropna()
    low, high = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    if wanted.kind == "f":
        if max(-low, high) <= _EXACT[wanted.itemsize]:
            return series.astype(wanted)
        raise _refused(kind, series, path, f"{max(low, high, key=abs)} is not exact as {kind}")
    if np.can_cast(given, wanted, "safe"):
        return series if len(present) < len(series) else series.astype(wanted)
    limits = np.iinfo(str(wanted))
    if is_untyped and limits.min <= low and high <= limits.max and len(present) == len(series):
        return series.astype(wanted)
    raise _refused(kind, series, path)


def _is_in_range(series: Any, wanted: np.dtype[Any]) -> bool:
    values = series.to_numpy(dtype="float64", na_value=np.nan)
    with np.errstate(over="ignore"):
        return bool((np.isfinite(values) == np.isfinite(values.astype(wanted))).all())


def _from_values(kind: DataType, series: Any, path: str, *, is_untyped: bool) -> Any:
    """A column of Python's values: each is looked at, once."""
    pandas = sys.modules["pandas"]
    if str(series.dtype) == "category":
        _from_values(kind, series.cat.categories.to_series().astype(object), path, is_untyped=is_untyped)
        return series
    missing = series.isna()
    values = series.tolist()
    is_text_for_time = kind is DataType.datetime and not is_untyped
    for row, (value, is_missing) in enumerate(zip(values, missing, strict=True)):
        if is_missing:
            continue
        if is_text_for_time and isinstance(value, str):
            raise InvalidInput(
                f"{path} is datetime, and was given texts, such as {value!r}: use pandas.to_datetime"
            )
        values[row] = fitted(kind, value, f"{path}[{row}]")
    if kind in (DataType.string, DataType.binary):
        return series
    if kind is DataType.datetime:
        return pandas.to_datetime(pandas.Series(values, index=series.index)).astype("datetime64[ns]")
    wanted = _DTYPES[kind]
    if bool(missing.any()):
        if wanted.kind != "f":
            row = int(missing.to_numpy().argmax())
            raise Misfit(f"{path}[{row}]", f"{kind}, which cannot be missing", None)
        values = [np.nan if is_missing else value for value, is_missing in zip(values, missing, strict=True)]
    return pandas.Series(values, index=series.index, dtype=wanted)


def _refused(kind: DataType, series: Any, path: str, why: str = "") -> InvalidInput:
    hint = f": {why}" if why else ""
    if kind in (DataType.integer, DataType.long) and getattr(series.dtype, "kind", "") == "f":
        has_missing = bool(series.isna().any())
        hint = (
            ": whole numbers with missing values become floats in pandas; make the column double in the "
            "signature, or fill them"
            if has_missing
            else ": convert it, if its values are whole numbers"
        )
    return InvalidInput(f"{path} is {kind}, and was given {series.dtype}{hint}")
