"""What goes into a model and comes out of it: types of columns and tensors, in MLflow's JSON.

A schema is either of columns, each with a type, or of tensors, each with a dtype and a shape; all of its
entries have names, or it is a single one without.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr

from fluvial.errors import InvalidModel, InvalidRequest

Name = str | int | None


class DataType(enum.Enum):
    """A type of single values. `integer` and `float` have 32 bits, `long` and `double` 64."""

    boolean = "boolean"
    integer = "integer"
    long = "long"
    float = "float"
    double = "double"
    string = "string"
    binary = "binary"
    datetime = "datetime"

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        return {"type": self.value}

    def __str__(self) -> str:
        return self.value


class AnyType(Struct, frozen=True):
    """A value of any type, or none: it is not checked."""

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        return {"type": "any"}

    def __str__(self) -> str:
        return "any"


class Array(Struct, frozen=True):
    """A list of any length.

    Attributes:
        dtype: Of its items.
    """

    dtype: Type

    def __post_init__(self) -> None:
        _check_type(self.dtype)

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        return {"type": "array", "items": as_type(self.dtype).to_dict()}

    def __str__(self) -> str:
        return f"array({as_type(self.dtype)})"


class Property(Struct, frozen=True):
    """One property of an object.

    Attributes:
        name: Its key.
        dtype: Type of its value.
        required: Whether it must be there and not be null.
    """

    name: str
    dtype: Type
    required: bool = True

    def __post_init__(self) -> None:
        _check_type(self.dtype)

    def __str__(self) -> str:
        return f"{self.name}: {as_type(self.dtype)}{'' if self.required else ' (optional)'}"


class Object(Struct, frozen=True):
    """A mapping with known keys.

    Attributes:
        properties: By name, at least one.
    """

    properties: Sequence[Property]

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.properties, key=lambda one: one.name))
        if len({one.name for one in ordered}) != len(ordered):
            raise InvalidRequest("Two properties of an object have the same name.")
        force_setattr(self, "properties", ordered)

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        return {
            "type": "object",
            "properties": {
                one.name: {**as_type(one.dtype).to_dict(), "required": one.required}
                for one in self.properties
            },
        }

    def __str__(self) -> str:
        return f"{{{', '.join(map(str, self.properties))}}}"


class Map(Struct, frozen=True):
    """A mapping from texts to values of one type.

    Attributes:
        value_type: Of the values.
    """

    value_type: Type

    def __post_init__(self) -> None:
        _check_type(self.value_type)

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        return {"type": "map", "values": as_type(self.value_type).to_dict()}

    def __str__(self) -> str:
        return f"map(string -> {as_type(self.value_type)})"


Kind = DataType | Array | Object | Map | AnyType
Type = Kind | str  # as it may be written: Array("long")


class ColSpec(Struct, frozen=True):
    """One column.

    Attributes:
        type: Of its values.
        name: None for the only column of a schema without names.
        required: Whether it must be there; what is not required may also be null.
    """

    type: Type
    name: Name = None
    required: bool = True

    def __post_init__(self) -> None:
        _check_type(self.type)

    @property
    def kind(self) -> Kind:
        """The type, also where it was given as a text."""
        return as_type(self.type)

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        name = {} if self.name is None else {"name": self.name}
        return {**self.kind.to_dict(), **name, "required": self.required}

    def __str__(self) -> str:
        name = "" if self.name is None else f"{self.name!r}: "
        return f"{name}{self.kind} ({'required' if self.required else 'optional'})"


class TensorSpec(Struct, frozen=True):
    """One tensor.

    Attributes:
        type: NumPy's dtype, or its name, such as `float32`; `str` and `bytes` of any length.
        shape: -1 where any size will do.
        name: None for the only tensor of a schema without names.
    """

    type: Any
    shape: Sequence[int]
    name: Name = None

    def __post_init__(self) -> None:
        force_setattr(self, "type", dtype_name(self.type))
        force_setattr(self, "shape", tuple(map(int, self.shape)))

    @property
    def dtype(self) -> str:
        """The name of the dtype."""
        return str(self.type)

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        name = {} if self.name is None else {"name": self.name}
        return {**name, "type": "tensor", "tensor-spec": {"dtype": self.dtype, "shape": list(self.shape)}}

    def __str__(self) -> str:
        name = "" if self.name is None else f"{self.name!r}: "
        return f"{name}tensor({self.dtype}, {self.shape})"


Spec = ColSpec | TensorSpec


class Schema:
    """Columns, or tensors.

    Args:
        inputs: At least one; several have names, each its own.

    Raises:
        InvalidRequest: Columns are among tensors, or names are missing or used twice.
    """

    def __init__(self, inputs: Sequence[Spec]) -> None:
        self.inputs: list[Spec] = list(inputs)
        names = [one.name for one in self.inputs]
        if not names:
            raise InvalidRequest("A schema has at least one column or tensor.")
        if len({isinstance(one, TensorSpec) for one in self.inputs}) > 1:
            raise InvalidRequest("A schema is of columns or of tensors, not of both.")
        if any(name is None for name in names) and len(names) > 1 and any(name is not None for name in names):
            raise InvalidRequest("Either all columns of a schema have names, or none has.")
        given = [name for name in names if name is not None]
        if len(set(given)) != len(given):
            raise InvalidRequest(f"Two entries of a schema have the same name: {given}.")

    def is_tensor_spec(self) -> bool:
        """Whether it is of tensors."""
        return isinstance(self.inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Whether its entries have names."""
        return self.inputs[0].name is not None

    def input_names(self) -> list[Name]:
        """Names, or positions from 0."""
        return [number if one.name is None else one.name for number, one in enumerate(self.inputs)]

    def input_types(self) -> list[Any]:
        """Types of the columns, or dtypes of the tensors."""
        return [one.kind if isinstance(one, ColSpec) else one.dtype for one in self.inputs]

    def input_dict(self) -> dict[Name, Spec]:
        """The entries by name."""
        return dict(zip(self.input_names(), self.inputs, strict=True))

    def required_input_names(self) -> list[Name]:
        """Names of what must be there."""
        return [name for name, one in self.input_dict().items() if getattr(one, "required", True)]

    def to_dict(self) -> list[dict[str, Any]]:
        """MLflow's JSON, as values."""
        return [one.to_dict() for one in self.inputs]

    def to_json(self) -> str:
        """MLflow's JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Schema:
        """The schema of MLflow's JSON.

        Raises:
            InvalidModel: It is none.
        """
        try:
            return cls([_spec(entry) for entry in json.loads(text)])
        except (KeyError, TypeError, ValueError, InvalidRequest) as error:
            raise InvalidModel(f"This is no schema of a model: {text[:200]} ({error!r})") from error

    def __iter__(self) -> Iterator[Spec]:
        return iter(self.inputs)

    def __len__(self) -> int:
        return len(self.inputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"[{', '.join(map(str, self.inputs))}]"


def as_type(given: Type) -> Kind:
    """A type, also by the name of a `DataType`."""
    return DataType(given) if isinstance(given, str) else given


def dtype_name(given: Any) -> str:
    """The name of a NumPy dtype: `str` and `bytes` without their length."""
    if isinstance(given, str):
        return given
    kind = getattr(given, "kind", "")
    if kind in ("U", "S"):
        return "str" if kind == "U" else "bytes"
    return str(getattr(given, "name", None) or getattr(given, "__name__", given))


def type_from_dict(entry: Mapping[str, Any]) -> Kind:
    """The type of MLflow's JSON.

    Raises:
        KeyError, ValueError: It is none.
    """
    name = entry["type"]
    if name == "array":
        return Array(type_from_dict(entry["items"]))
    if name == "map":
        return Map(type_from_dict(entry["values"]))
    if name == "object":
        found = entry["properties"].items()
        return Object([Property(key, type_from_dict(one), one.get("required", True)) for key, one in found])
    if name == "sparkml_vector":
        return Array(DataType.double)
    return AnyType() if name == "any" else DataType(name)


def _spec(entry: Mapping[str, Any]) -> Spec:
    name = entry.get("name")
    if entry["type"] == "tensor":
        tensor = entry["tensor-spec"]
        return TensorSpec(tensor["dtype"], tensor["shape"], name)
    return ColSpec(type_from_dict(entry), name, entry.get("required", not entry.get("optional", False)))


def _check_type(given: object) -> None:
    if isinstance(given, str):
        if given not in DataType.__members__:
            raise InvalidRequest(
                f"There is no type {given!r}: it is one of {', '.join(DataType.__members__)}."
            )
    elif not isinstance(given, DataType | Array | Object | Map | AnyType):
        raise InvalidRequest(
            f"{given!r} is no type of a column: it is one of {', '.join(DataType.__members__)}."
        )
