"""Signatures from data: what frames, arrays, dicts, lists and pydantic models show of their types.

Frameworks are asked only about data that are theirs: what is not loaded cannot have made them.
"""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fluvial.errors import InvalidRequest
from fluvial.models.hints import columns_of_hint
from fluvial.models.params import ParamSchema, ParamSpec
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
    Spec,
    TensorSpec,
    as_type,
)
from fluvial.models.signature import ModelSignature

_OF_POLARS = {
    "Int8": DataType.integer,
    "Int16": DataType.integer,
    "Int32": DataType.integer,
    "Int64": DataType.long,
    "UInt8": DataType.integer,
    "UInt16": DataType.integer,
    "UInt32": DataType.long,
    "Float32": DataType.float,
    "Float64": DataType.double,
    "Decimal": DataType.double,
    "Boolean": DataType.boolean,
    "String": DataType.string,
    "Categorical": DataType.string,
    "Enum": DataType.string,
    "Binary": DataType.binary,
    "Date": DataType.datetime,
    "Datetime": DataType.datetime,
}
_OF_SPARK = {
    "byte": DataType.integer,
    "short": DataType.integer,
    "integer": DataType.integer,
    "long": DataType.long,
    "float": DataType.float,
    "double": DataType.double,
    "decimal": DataType.double,
    "boolean": DataType.boolean,
    "string": DataType.string,
    "binary": DataType.binary,
    "date": DataType.datetime,
    "timestamp": DataType.datetime,
    "timestamp_ntz": DataType.datetime,
}
_OF_WORDS = {
    "string": DataType.string,
    "bytes": DataType.binary,
    "boolean": DataType.boolean,
    "integer": DataType.long,
    "floating": DataType.double,
    "mixed-integer-float": DataType.double,
    "decimal": DataType.double,
    "datetime": DataType.datetime,
    "datetime64": DataType.datetime,
    "date": DataType.datetime,
}


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: Mapping[str, Any] | None = None
) -> ModelSignature:
    """The signature that data show.

    Args:
        model_input: Data that the model takes: a frame of pandas, Polars or Spark, an array or a dict of
            arrays, a sparse matrix, lists, dicts, single values, pydantic models.
        model_output: What it predicts for them.
        params: Defaults of its params, by name.

    Raises:
        InvalidRequest: Nothing is given, or it is of no type that a schema has.

    Example:
        >>> fluvial.models.infer_signature([{"age": 31, "name": None}]).inputs
        ['age': long (required), 'name': any (optional)]
    """
    return ModelSignature(
        None if model_input is None else infer_schema(model_input),
        None if model_output is None else infer_schema(model_output),
        infer_params(params) if params else None,
    )


def infer_params(params: Mapping[str, Any]) -> ParamSchema:
    """The params that defaults show.

    Raises:
        InvalidRequest: A default is None, or of no type that a param has.
    """
    found = []
    for name, given in params.items():
        default = given.tolist() if isinstance(given, np.ndarray) else given
        is_list = isinstance(default, list | tuple)
        shown = merged(map(infer_type, default)) if is_list else infer_type(given)
        if is_list and not len(default):
            shown = DataType.string
        if not isinstance(shown, DataType | Object):
            raise InvalidRequest(
                f"The default of the param {name!r} shows no type: {given!r}. Give a value or a list."
            )
        found.append(
            ParamSpec(name, shown, list(default) if is_list else default, (-1,) if is_list else None)
        )
    return ParamSchema(found)


def infer_schema(data: Any) -> Schema:
    """The schema that data show.

    Raises:
        InvalidRequest: They are of no type that a schema has.
    """
    framework = type(data).__module__.partition(".")[0]
    kind = type(data).__name__
    if framework == "pandas" and kind == "DataFrame":
        return Schema([_column(data.iloc[:, n], _name(name)) for n, name in enumerate(data.columns)])
    if framework == "pandas" and kind == "Series":
        return Schema([_column(data, _name(data.name))])
    if framework == "polars" and kind == "DataFrame":
        return Schema([_polars_column(data[name]) for name in data.columns])
    if framework == "polars" and kind == "Series":
        return Schema([_polars_column(data)])
    if framework == "pyspark" and kind == "DataFrame":
        return Schema([ColSpec(_spark_type(f.dataType), f.name, not f.nullable) for f in data.schema.fields])
    if isinstance(data, np.ndarray):
        return Schema([_tensor(data)])
    if framework == "scipy" and hasattr(data, "tocsr"):
        return Schema([TensorSpec(data.dtype, (-1, *data.shape[1:]))])
    if _is_pydantic(data):
        return Schema(columns_of_hint(type(data)))
    if isinstance(data, Mapping):
        return _schema_of_mapping(data)
    if isinstance(data, list | tuple):
        return _schema_of_list(data)
    shown = infer_type(data)
    return Schema([ColSpec(shown, None, required=data is not None)])


def infer_type(value: Any) -> Kind:
    """The type that one value shows; `AnyType` for None.

    Raises:
        InvalidRequest: No schema has its type.
    """
    if value is None:
        return AnyType()
    if isinstance(value, bool | np.bool_):
        return DataType.boolean
    if isinstance(value, np.generic):
        return _type_of_dtype(value.dtype, value)
    if isinstance(value, int):
        return DataType.long
    if isinstance(value, float | decimal.Decimal):
        return DataType.double
    if isinstance(value, str):
        return DataType.string
    if isinstance(value, bytes | bytearray):
        return DataType.binary
    if isinstance(value, dt.date):  # a datetime is one, too
        return DataType.datetime
    if isinstance(value, np.ndarray):
        inner = (
            merged(map(infer_type, value)) if value.dtype.kind == "O" else _type_of_dtype(value.dtype, value)
        )
        return _wrapped(inner, 1 if value.dtype.kind == "O" else value.ndim)
    if _is_pydantic(value):
        value = value.model_dump()
    if isinstance(value, Mapping):
        return _object_of([value])
    if isinstance(value, list | tuple):
        return Array(merged(map(infer_type, value))) if value else AnyType()
    raise InvalidRequest(f"No schema has the type {type(value).__name__}: {str(value)[:80]!r}.")


def merged(kinds: Iterable[Kind]) -> Kind:
    """The narrowest type of values of several types; values that may be missing show `AnyType`."""
    nothing: Kind = AnyType()
    return functools.reduce(_merged_two, dict.fromkeys(kinds), nothing)


def _merged_two(first: Kind, second: Kind) -> Kind:
    if isinstance(first, AnyType) or first == second:
        return second
    if isinstance(second, AnyType):
        return first
    if isinstance(first, Array) and isinstance(second, Array):
        return Array(merged([as_type(first.dtype), as_type(second.dtype)]))
    if isinstance(first, Object) and isinstance(second, Object):
        return _merged_objects(first, second)
    if {first, second} <= {DataType.integer, DataType.long}:
        return DataType.long
    numbers = {DataType.integer, DataType.long, DataType.float, DataType.double}
    return DataType.double if {first, second} <= numbers else _Mixed()


class _Mixed(AnyType, frozen=True):
    """Values of types that have none in common: any, whatever else there is."""


def _merged_objects(first: Object, second: Object) -> Object:
    ours, theirs = ({one.name: one for one in each.properties} for each in (first, second))
    found = []
    for name in {**ours, **theirs}:
        both = [as_type(side[name].dtype) for side in (ours, theirs) if name in side]
        is_required = len(both) == 2 and ours[name].required and theirs[name].required
        found.append(Property(name, merged(both), is_required))
    return Object(found)


def _object_of(values: Sequence[Mapping[Any, Any]]) -> Kind:
    found = []
    for value in values:
        properties = [Property(str(key), infer_type(one), one is not None) for key, one in value.items()]
        found.append(Object(properties) if properties else Map(AnyType()))
    return merged(found)


def _schema_of_mapping(data: Mapping[Any, Any]) -> Schema:
    if not data:
        raise InvalidRequest("An empty dict shows no schema.")
    if all(isinstance(value, np.ndarray) for value in data.values()):
        return Schema([_tensor(value, str(key)) for key, value in data.items()])
    return Schema([ColSpec(infer_type(value), str(key), value is not None) for key, value in data.items()])


def _schema_of_list(data: Sequence[Any]) -> Schema:
    if data and _is_pydantic(data[0]) and len(set(map(type, data))) == 1:
        return Schema(columns_of_hint(type(data[0])))
    given = [one.model_dump() if _is_pydantic(one) else one for one in data]
    if given and all(isinstance(one, Mapping) for one in given):
        shown = _object_of(given)
        if isinstance(shown, Object):
            return Schema([ColSpec(one.dtype, one.name, one.required) for one in shown.properties])
        return Schema([ColSpec(shown)])
    return Schema([ColSpec(merged(map(infer_type, given)), None, all(one is not None for one in given))])


def _tensor(data: np.ndarray[Any, Any], name: str | None = None) -> TensorSpec:
    return TensorSpec(data.dtype, (-1, *data.shape[1:]), name)


def _type_of_dtype(dtype: Any, shown: Any) -> Kind:
    """The type of a dtype of NumPy."""
    kind, size = dtype.kind, dtype.itemsize
    if kind == "b":
        return DataType.boolean
    if kind in "iu":
        bits = size * 8 + (kind == "u")
        if bits <= 64:
            return DataType.integer if bits <= 32 else DataType.long
    if kind == "f":
        return DataType.float if size <= 4 else DataType.double
    found = {"U": DataType.string, "S": DataType.binary, "M": DataType.datetime}.get(kind)
    if found is None:
        raise InvalidRequest(f"No schema has the type {dtype}: {str(shown)[:80]!r}.")
    return found


def _wrapped(inner: Kind, depth: int) -> Kind:
    return inner if depth == 0 else Array(_wrapped(inner, depth - 1))


def _name(given: Any) -> Any:
    """A column's name: numbers stay numbers, as MLflow has them."""
    if isinstance(given, int | np.integer):
        return int(given)
    return None if given is None else str(given)


def _column(series: Any, name: Any) -> Spec:
    """A column of pandas. One of mixed values is any: the others still have their types."""
    has_missing = bool(series.isna().any())
    return ColSpec(_type_of_series(series), name, required=not has_missing)


def _type_of_series(series: Any) -> Kind:
    dtype = series.dtype
    plain = getattr(dtype, "numpy_dtype", dtype)  # of Int64, boolean and their relatives
    if isinstance(plain, np.dtype) and plain.kind in "biufM":
        try:
            return _type_of_dtype(plain, series.iloc[:1].tolist())
        except InvalidRequest:  # uint64
            return AnyType()
    if getattr(dtype, "tz", None) is not None:
        return DataType.datetime
    pandas = sys.modules["pandas"]
    if isinstance(dtype, pandas.CategoricalDtype):
        return _type_of_series(dtype.categories.to_series())
    word = pandas.api.types.infer_dtype(series, skipna=True)
    if word in _OF_WORDS:
        return _OF_WORDS[word]
    try:
        return merged(infer_type(value) for value in series.dropna().tolist())
    except InvalidRequest:
        return AnyType()


def _polars_column(series: Any) -> ColSpec:
    return ColSpec(_polars_type(series.dtype), series.name or None, series.null_count() == 0)


def _polars_type(dtype: Any) -> Kind:
    name = type(dtype).__name__
    if name in ("List", "Array"):
        return Array(_polars_type(dtype.inner))
    if name == "Struct":
        return Object([Property(field.name, _polars_type(field.dtype)) for field in dtype.fields])
    found = _OF_POLARS.get(str(dtype).partition("(")[0])
    return AnyType() if found is None else found


def _spark_type(dtype: Any) -> Kind:
    name = dtype.typeName()
    if name == "array":
        return Array(_spark_type(dtype.elementType))
    if name == "map":
        return Map(_spark_type(dtype.valueType))
    if name == "struct":
        return Object([Property(f.name, _spark_type(f.dataType), not f.nullable) for f in dtype.fields])
    if name == "vectorudt":
        return Array(DataType.double)
    found = _OF_SPARK.get(name)
    return AnyType() if found is None else found


def _is_pydantic(value: Any) -> bool:
    return "pydantic" in sys.modules and isinstance(value, sys.modules["pydantic"].BaseModel)
