"""Signatures from type hints of `predict`: lists of single values, of pydantic models, dataclasses, dicts.

A model whose data are hinted as `list[X]` gets a list of X, whatever form the data came in.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime as dt
import decimal
import inspect
import sys
import types
import typing
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidInput, InvalidRequest
from fluvial.models.schema import (
    AnyType,
    Array,
    ColSpec,
    DataType,
    Kind,
    Map,
    Object,
    Property,
    Schema,
)
from fluvial.models.values import fitted

_SINGLE: dict[Any, DataType] = {
    bool: DataType.boolean,
    int: DataType.long,
    float: DataType.double,
    decimal.Decimal: DataType.double,
    str: DataType.string,
    bytes: DataType.binary,
    dt.datetime: DataType.datetime,
    dt.date: DataType.datetime,
}
_FREE = (Any, object, inspect.Parameter.empty)


class Hints(Struct, frozen=True):
    """The type hints of a function that predicts.

    Attributes:
        element: Of each item of its data, which are a list.
        inputs: The schema of these.
        outputs: The schema of what it returns, where that is hinted as a list.
        needs_conversion: Whether items are made into objects of a class.
    """

    element: Any
    inputs: Schema
    outputs: Schema | None
    needs_conversion: bool


def hints_of(predict: Callable[..., Any]) -> Hints | None:
    """The hints of a function; None where its data are not hinted as a list."""
    try:
        found = typing.get_type_hints(predict)
    except (NameError, TypeError):  # of names that exist only for type checkers
        return None
    data = next(
        (name for name in inspect.signature(predict).parameters if name not in ("self", "context")), ""
    )
    element = _element(found.get(data))
    if element is None:
        return None
    outputs = _element(found.get("return"))
    return Hints(
        element,
        Schema(columns_of_hint(element)),
        None if outputs is None else Schema(columns_of_hint(outputs)),
        _has_class(element),
    )


def columns_of_hint(element: Any) -> list[ColSpec]:
    """The columns of a list of such items: the fields of a class or a dict with known keys, or a single one.

    Raises:
        InvalidRequest: No schema has such a type.
    """
    kind, is_required = type_of_hint(element)
    if isinstance(kind, Object):
        return [ColSpec(one.dtype, one.name, one.required) for one in kind.properties]
    return [ColSpec(kind, None, is_required)]


def type_of_hint(hint: Any) -> tuple[Kind, bool]:
    """The type that a hint says, and whether there must be a value.

    Raises:
        InvalidRequest: No schema has such a type.
    """
    if hint in _FREE:
        return AnyType(), True
    if hint in _SINGLE:
        return _SINGLE[hint], True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return type_of_hint(arguments[0])
    if origin in (typing.Union, types.UnionType):
        given = [one for one in arguments if one is not type(None)]
        kinds = {type_of_hint(one)[0] for one in given}
        return (kinds.pop() if len(kinds) == 1 else AnyType()), len(given) == len(arguments)
    if origin is typing.Literal:
        kinds = {type_of_hint(type(one))[0] for one in arguments}
        return (kinds.pop() if len(kinds) == 1 else AnyType()), True
    if origin in (list, set, frozenset, tuple, collections.abc.Sequence) and arguments:
        return Array(type_of_hint(arguments[0])[0]), True
    if origin in (dict, collections.abc.Mapping) and arguments and arguments[0] is str:
        return Map(type_of_hint(arguments[1])[0]), True
    fields = _fields_of(hint)
    if fields:
        found = [(name, *type_of_hint(each)) for name, each in fields.items()]
        return Object([Property(name, kind, is_required) for name, kind, is_required in found]), True
    raise InvalidRequest(
        f"No schema has the type hint {hint!r}. It is one of bool, int, float, str, bytes, datetime, a "
        "pydantic model, a dataclass, a TypedDict, list[…], dict[str, …], Optional[…] or Any."
    )


def as_items(data: Any, hints: Hints) -> list[Any]:
    """Data as the list of items that the hints say.

    Args:
        data: A list, or a frame of pandas: of the fields, or of one column.
        hints: Of the function that gets them.

    Raises:
        InvalidInput: They are none.
    """
    items = _records(data, hints) if hasattr(data, "columns") else data
    if not isinstance(items, list | tuple):
        raise InvalidInput(f"The model takes a list of {_named(hints.element)}, not {type(data).__name__}.")
    if not hints.needs_conversion:
        kind, is_required = type_of_hint(hints.element)
        return [
            fitted(kind, one, f"item {number}", is_required=is_required) for number, one in enumerate(items)
        ]
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not _is_pydantic(hints.element):
        return [one if isinstance(one, hints.element) else hints.element(**one) for one in items]
    try:
        validated: list[Any] = pydantic.TypeAdapter(list[hints.element]).validate_python(list(items))  # type: ignore[name-defined]
    except pydantic.ValidationError as error:
        faults = "; ".join(
            f"item {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5]
        )
        raise InvalidInput(f"The data are no list of {_named(hints.element)}: {faults}.") from error
    return validated


def _records(frame: Any, hints: Hints) -> list[Any]:
    if hints.inputs.has_input_names():
        records = frame.to_dict(orient="records")
        return [{key: value for key, value in one.items() if not _is_missing(value)} for one in records]
    found: list[Any] = frame.iloc[:, 0].tolist()
    return found


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124  NaN


def _element(hint: Any) -> Any:
    """What a list holds, by its hint; None where it is no list."""
    is_list = typing.get_origin(hint) in (list, collections.abc.Sequence) and len(typing.get_args(hint)) == 1
    return typing.get_args(hint)[0] if is_list else None


def _fields_of(hint: Any) -> dict[str, Any]:
    """The hints of the fields of a class; none where it has none."""
    if not isinstance(hint, type):
        return {}
    if _is_pydantic(hint):
        return {name: field.annotation for name, field in hint.model_fields.items()}  # type: ignore[attr-defined]
    if dataclasses.is_dataclass(hint) or typing.is_typeddict(hint):
        return typing.get_type_hints(hint)
    return {}


def _is_pydantic(hint: Any) -> bool:
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(hint, type) and issubclass(hint, pydantic.BaseModel)


def _has_class(hint: Any) -> bool:
    return _is_pydantic(hint) or dataclasses.is_dataclass(hint)


def _named(hint: Any) -> str:
    return str(getattr(hint, "__name__", hint))
