"""Data held to a schema before a model gets them; errors name each column, what is wanted and what was given.

Converted is only what loses nothing: narrower numbers to wider ones, whole numbers to floats that hold them
exactly, dates and times of any precision. Data from JSON and Python, which know no widths, may also be
narrowed where every value fits. Everything else is an error: a model never gets guesses.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fluvial.errors import InvalidInput, MissingExtra
from fluvial.models.columns import is_ready, to_column
from fluvial.models.schema import AnyType, Array, ColSpec, Map, Object, Schema, TensorSpec
from fluvial.models.tensors import to_tensor
from fluvial.models.values import fitted, frame_of_spark

_log = logging.getLogger("fluvial")
_REMEMBERED = 16
_SHOWN = 10
_NESTED = (Array, Map, Object)


def enforcer(schema: Schema) -> Callable[[Any], Any]:
    """What holds data to a schema: takes data, returns them as the model wants them.

    Data for columns become a frame of pandas, tensors become arrays of NumPy, by name where they have names.
    What it returns raises `InvalidInput`.
    """
    return _Tensors(schema) if schema.is_tensor_spec() else _Columns(schema)


class _Columns:
    """Holds data to columns."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._specs = [one for one in schema.inputs if isinstance(one, ColSpec)]
        self._names = schema.input_names()
        self._is_named = schema.has_input_names()
        self._is_free = len(schema) == 1 and not self._is_named and isinstance(self._specs[0].kind, AnyType)
        # Frames with these columns and dtypes need nothing: a served model gets the same again and again.
        self._ready: dict[tuple[Any, ...], None] = {}
        self._has_warned = False

    def __call__(self, data: Any) -> Any:
        if self._is_free:
            return data
        pandas = sys.modules.get("pandas")
        if pandas is None or not isinstance(data, pandas.DataFrame):
            return self._enforced(self._frame(data), is_untyped=not hasattr(data, "dtypes"))
        key = _layout(data)
        if key in self._ready:
            return data
        enforced = self._enforced(data, is_untyped=False)
        is_ready_made = enforced is data and all(
            is_ready(spec.kind, data.iloc[:, number]) for number, spec in enumerate(self._specs)
        )
        if is_ready_made and len(self._ready) < _REMEMBERED:
            self._ready[key] = None
        return enforced

    def _frame(self, data: Any) -> Any:
        """Data as a frame of pandas."""
        pandas = _pandas()
        if isinstance(data, pandas.Series):
            return data.to_frame()
        if hasattr(data, "to_pandas") and hasattr(
            data, "get_columns"
        ):  # of polars; its to_pandas wants pyarrow
            return pandas.DataFrame({name: data[name].to_list() for name in data.columns})
        if hasattr(data, "toPandas"):  # of Spark
            return frame_of_spark(data)
        if isinstance(data, Mapping):
            return self._frame_of_mapping(data)
        if isinstance(data, list | tuple):
            given = [one.model_dump() if hasattr(one, "model_dump") else one for one in data]
            if given and isinstance(given[0], Mapping):
                return (
                    pandas.DataFrame(given, dtype=object) if self._is_named else pandas.DataFrame({0: given})
                )
            if not self._is_named:
                return pandas.DataFrame({0: pandas.Series(given, dtype=None if self._is_plain() else object)})
            rows = [one if isinstance(one, list | tuple | np.ndarray) else [one] for one in given]
            return pandas.DataFrame(rows)
        if isinstance(data, np.ndarray):
            return pandas.DataFrame(data if data.ndim > 1 else {0: data})
        if hasattr(data, "model_dump"):
            return self._frame_of_mapping(data.model_dump())
        if isinstance(data, str | bytes | bool | int | float | np.generic) or hasattr(data, "isoformat"):
            return pandas.DataFrame({0: [data]})
        raise InvalidInput(
            f"The model takes columns: a frame of pandas or polars, a dict of columns, or a list of rows; "
            f"not {type(data).__name__}. Its signature: {self._schema}"
        )

    def _is_plain(self) -> bool:
        return not isinstance(self._specs[0].kind, _NESTED)

    def _frame_of_mapping(self, data: Mapping[Any, Any]) -> Any:
        """A dict is columns, or one row: columns if each of its values can only be a column."""
        pandas = _pandas()
        kinds = {name: spec.kind for name, spec in zip(self._names, self._specs, strict=True)}
        known = [name for name in data if name in kinds] or list(data)
        if all(_is_column(data[name], kinds.get(name)) for name in known):
            columns = {}
            for name, values in data.items():
                is_nested = isinstance(kinds.get(name), _NESTED)
                columns[name] = pandas.Series(list(values), dtype=object) if is_nested else values
            try:
                return pandas.DataFrame(columns)
            except ValueError as error:
                lengths = ", ".join(f"{name!r} has {len(values)}" for name, values in columns.items())
                raise InvalidInput(f"The columns are of different lengths: {lengths} rows.") from error
        row = {
            name: pandas.Series([value], dtype=object if isinstance(value, list | dict | tuple) else None)
            for name, value in data.items()
        }
        return pandas.DataFrame(row)

    def _enforced(self, frame: Any, *, is_untyped: bool) -> Any:
        faults: list[str] = []
        if self._is_named:
            given = list(frame.columns)
            missing = [s for s in self._specs if s.required and s.name not in given]
            others = [name for name in given if name not in self._names]
            faults += [f"column {s.name!r} ({s.kind}) is missing{_hint(s.name, others)}" for s in missing]
            self._warn_of_more([name for name in given if name not in self._names])
            pairs = [(spec, spec.name) for spec in self._specs if spec.name in given]
            if [name for _, name in pairs] != given:
                frame = frame[[name for _, name in pairs]]
        else:
            if len(frame.columns) != len(self._specs):
                raise InvalidInput(
                    f"The model takes {len(self._specs)} columns and was given {len(frame.columns)}. "
                    f"Its signature: {self._schema}"
                )
            pairs = list(zip(self._specs, frame.columns, strict=True))
        changed = {}
        for number, (spec, name) in enumerate(pairs):
            series = frame.iloc[:, number]
            try:
                column = _fitted_column(spec, series, f"column {name!r}", is_untyped=is_untyped)
            except InvalidInput as error:
                faults.append(error.message)
                continue
            if column is not series:
                changed[number] = column
        if faults:
            raise _misfit(faults, self._schema)
        if changed:
            columns = [changed.get(number, frame.iloc[:, number]) for number in range(len(pairs))]
            names = frame.columns
            frame = _pandas().concat(columns, axis=1)
            frame.columns = names
        return frame

    def _warn_of_more(self, names: list[Any]) -> None:
        if names and not self._has_warned:
            self._has_warned = True
            _log.warning("The model takes no column %s; left out.", ", ".join(map(repr, names[:_SHOWN])))


class _Tensors:
    """Holds data to tensors."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._specs = [one for one in schema.inputs if isinstance(one, TensorSpec)]
        self._is_named = schema.has_input_names()

    def __call__(self, data: Any) -> Any:
        if not self._is_named:
            try:
                return to_tensor(self._specs[0], data, "the input")
            except InvalidInput as error:
                raise _misfit([error.message], self._schema) from error
        is_frame = hasattr(data, "columns") and hasattr(data, "iloc")
        if not isinstance(data, Mapping) and not is_frame:
            raise _misfit(
                [f"the input is a dict of tensors, and was given {type(data).__name__}"], self._schema
            )
        found: dict[Any, Any] = {}
        faults = []
        given = list(data.columns) if is_frame else list(data)
        names = {spec.name for spec in self._specs}
        others = [name for name in given if name not in names]
        for spec in self._specs:
            if spec.name not in given:
                faults.append(f"tensor {spec.name!r} ({spec.dtype}) is missing{_hint(spec.name, others)}")
                continue
            try:
                found[spec.name] = to_tensor(spec, data[spec.name], f"tensor {spec.name!r}")
            except InvalidInput as error:
                faults.append(error.message)
        if faults:
            raise _misfit(faults, self._schema)
        return found


def _layout(frame: Any) -> tuple[Any, ...]:
    """The names and dtypes of a frame's columns.

    `frame.dtypes` makes a Series, which takes 0.1 ms; what it makes it of takes 0.003.
    """
    manager: Any = getattr(frame, "_mgr", None)
    dtypes = manager.get_dtypes() if hasattr(manager, "get_dtypes") else frame.dtypes
    return (*frame.columns.tolist(), *dtypes)


def _fitted_column(spec: ColSpec, series: Any, path: str, *, is_untyped: bool) -> Any:
    kind = spec.kind
    if isinstance(kind, AnyType):
        return series
    if not isinstance(kind, _NESTED):
        return to_column(kind, series, path, is_untyped=is_untyped)
    missing = series.isna() if not spec.required else None
    values = [
        None if missing is not None and missing.iloc[row] else fitted(kind, value, f"{path}[{row}]")
        for row, value in enumerate(series.tolist())
    ]
    return _pandas().Series(values, index=series.index, dtype=object)


def _is_column(value: Any, kind: Any) -> bool:
    """Whether a value of a dict is a column, and not one value of it."""
    if not isinstance(value, list | tuple | np.ndarray) and not hasattr(value, "iloc"):
        return False
    return not isinstance(kind, Array) or _depth(value) > _depth_of(kind)


def _depth(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.ndim if value.dtype.kind != "O" or not len(value) else 1 + _depth(value[0])
    if hasattr(value, "iloc"):
        return 1 + (_depth(value.iloc[0]) if len(value) else 0)
    return 1 + (_depth(value[0]) if value else 0) if isinstance(value, list | tuple) else 0


def _depth_of(kind: Any) -> int:
    return 1 + _depth_of(kind.dtype) if isinstance(kind, Array) else 0


def _hint(name: Any, others: list[Any]) -> str:
    """What the data have that the model does not know, which may be the missing one."""
    close = difflib.get_close_matches(str(name), [str(one) for one in others], 1)
    if close:
        return f": is it {close[0]!r}?"
    return f"; the data also have {', '.join(map(repr, others[:_SHOWN]))}" if others else ""


def _misfit(faults: list[str], schema: Schema) -> InvalidInput:
    shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
    more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    signature = str(schema) if len(schema) <= _SHOWN else f"{len(schema)} entries"
    return InvalidInput(
        f"The data do not fit the model's signature:{shown}{more}\n  The signature: {signature}"
    )


@functools.cache
def _pandas() -> Any:
    try:
        return importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        raise MissingExtra("A model that takes columns", "pandas") from error
