"""Single values held to a type: what is in lists, objects and maps, and in columns without a dtype."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fluvial.errors import InvalidInput
from fluvial.models.schema import AnyType, Array, DataType, Kind, Map, as_type

_INT32 = 1 << 31
_INT64 = 1 << 63
_EXACT = 1 << 53  # whole numbers up to this are exact as float64


class Misfit(InvalidInput):
    """A value is not of the type that is wanted; says where, what is wanted and what was given."""

    def __init__(self, path: str, wanted: str, value: Any) -> None:
        text = repr(value)
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        super().__init__(f"{path} is {wanted}, and was given {shown} ({type(value).__name__})")


def fitted(kind: Kind, value: Any, path: str, *, is_required: bool = True) -> Any:
    """A value as its type wants it: converted where nothing is lost.

    Args:
        kind: The type.
        value: What was given; None only where it is not required.
        path: What it is called in errors, such as `column 'a'[0].name`.
        is_required: Whether there must be a value.

    Raises:
        Misfit: It is of another type.
    """
    if isinstance(kind, AnyType):
        return value
    if value is None:
        if is_required:
            raise Misfit(path, f"{kind} (required)", value)
        return None
    if isinstance(kind, DataType):
        found = _SINGLE[kind](value)
        if found is None:
            raise Misfit(path, str(kind), value)
        return found
    if isinstance(kind, Array):
        if not isinstance(value, list | tuple | np.ndarray):
            raise Misfit(path, str(kind), value)
        inner = as_type(kind.dtype)
        return [fitted(inner, one, f"{path}[{number}]") for number, one in enumerate(value)]
    if not isinstance(value, Mapping):
        raise Misfit(path, str(kind), value)
    if isinstance(kind, Map):
        inner = as_type(kind.value_type)
        return {str(key): fitted(inner, one, f"{path}[{key!r}]") for key, one in value.items()}
    properties = {one.name: one for one in kind.properties}
    unknown = [str(key) for key in value if key not in properties]
    if unknown:
        raise InvalidInput(f"{path} has {', '.join(map(repr, unknown))}, which {kind} does not have")
    missing = [one for one in kind.properties if one.required and value.get(one.name) is None]
    if missing:
        raise InvalidInput(
            f"{path} lacks {', '.join(f'{one.name!r} ({as_type(one.dtype)})' for one in missing)}"
        )
    return {
        key: fitted(
            as_type(properties[key].dtype), one, f"{path}.{key}", is_required=properties[key].required
        )
        for key, one in value.items()
    }


def _whole(limit: int) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        return value if is_whole and -limit <= int(value) < limit else None

    return convert


def _number(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return value
    if isinstance(value, decimal.Decimal):
        return float(value)
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return float(value) if is_whole and abs(int(value)) <= _EXACT else None


def _moment(value: Any) -> Any:
    if isinstance(value, dt.date | np.datetime64):
        return value
    try:
        return dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_SINGLE: dict[DataType, Callable[[Any], Any]] = {
    DataType.boolean: lambda value: value if isinstance(value, bool | np.bool_) else None,
    DataType.integer: _whole(_INT32),
    DataType.long: _whole(_INT64),
    DataType.float: _number,
    DataType.double: _number,
    DataType.string: lambda value: value if isinstance(value, str) else None,
    DataType.binary: lambda value: value if isinstance(value, bytes | bytearray) else None,
    DataType.datetime: _moment,
}


def frame_of_spark(data: Any) -> Any:
    """A frame of Spark as one of pandas, its vectors as lists."""
    return data.toPandas().map(lambda cell: cell.toArray().tolist() if hasattr(cell, "toArray") else cell)
