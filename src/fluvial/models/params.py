"""Params of a prediction: their types, their defaults, and what a caller's are held to."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidInput, InvalidModel, InvalidRequest
from fluvial.models.schema import DataType, Object, as_type, type_from_dict

_log = logging.getLogger("fluvial")
_WHOLE_BITS = {DataType.integer: 31, DataType.long: 63}


class ParamSpec(Struct, frozen=True):
    """One param.

    Attributes:
        name: Its key.
        dtype: Type of its value, or of each value of its list.
        default: What it is where the caller gives none; may be None.
        shape: None for a single value, (-1,) for a list.
    """

    name: str
    dtype: DataType | Object | str
    default: Any
    shape: tuple[int, ...] | None = None

    @property
    def kind(self) -> DataType | Object:
        """The type, also where it was given as a text."""
        found = as_type(self.dtype)
        if not isinstance(found, DataType | Object):
            raise InvalidRequest(f"The param {self.name!r} has no type that a param can have: {found}.")
        return found

    def to_dict(self) -> dict[str, Any]:
        """MLflow's JSON."""
        kind = self.kind.to_dict()
        default = self.default
        if self.kind is DataType.datetime and default is not None:
            default = [_iso(one) for one in default] if self.shape else _iso(default)
        shape = None if self.shape is None else list(self.shape)
        return {"name": self.name, "default": default, "shape": shape, **kind}

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> ParamSpec:
        """The param of MLflow's JSON."""
        kind = type_from_dict(entry)
        shape = entry.get("shape")
        spec = cls(entry["name"], kind, None, None if shape is None else tuple(shape))  # type: ignore[arg-type]
        return cls(spec.name, kind, spec.checked(entry.get("default")), spec.shape)  # type: ignore[arg-type]

    def checked(self, value: Any) -> Any:
        """A value as the model wants it.

        Raises:
            InvalidInput: It has another type, or is a list where a single value is wanted, or the reverse.
        """
        if value is None:
            return None
        if self.shape is None:
            return self._checked_one(value)
        listed = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(listed, Sequence) or isinstance(listed, str | bytes):
            raise InvalidInput(f"The param {self.name!r} is a list of {self.kind}, not {_shown(value)}.")
        return [self._checked_one(one) for one in listed]

    def _checked_one(self, value: Any) -> Any:
        kind = self.kind
        if isinstance(kind, Object):
            if not isinstance(value, Mapping):
                raise InvalidInput(f"The param {self.name!r} is an object {kind}, not {_shown(value)}.")
            missing = [p.name for p in kind.properties if p.required and value.get(p.name) is None]
            if missing:
                raise InvalidInput(f"The param {self.name!r} lacks {', '.join(missing)}.")
            return dict(value)
        single = value.item() if hasattr(value, "item") else value
        converted = _CONVERTERS[kind](single, kind)
        if converted is None:
            hint = ": give a list of it" if isinstance(single, list) and self.shape is None else ""
            raise InvalidInput(f"The param {self.name!r} is {kind}, not {_shown(value)}{hint}.")
        return converted

    def __str__(self) -> str:
        shape = "" if self.shape is None else f" (shape: {self.shape})"
        return f"{self.name!r}: {self.kind} (default: {self.default!r}){shape}"


class ParamSchema:
    """The params that a model takes.

    Args:
        params: Each with its own name.

    Raises:
        InvalidRequest: Two have the same name.
    """

    def __init__(self, params: Sequence[ParamSpec]) -> None:
        self.params = [ParamSpec(p.name, p.kind, p.checked(p.default), p.shape) for p in params]
        self._by_name = {param.name: param for param in self.params}
        if len(self._by_name) != len(self.params):
            raise InvalidRequest("Two params of a model have the same name.")
        self._defaults = {param.name: param.default for param in self.params}
        self._has_warned = False

    def enforce(self, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the model is called with: the caller's values, and defaults for the others.

        Params that the model does not know are left out.

        Raises:
            InvalidInput: A value has another type.
        """
        if not given:
            return dict(self._defaults)
        if not isinstance(given, Mapping):
            raise InvalidInput(f"Params are a dict by name, not {_shown(given)}.")
        unknown = [name for name in given if name not in self._by_name]
        if unknown and not self._has_warned:
            self._has_warned = True
            known = ", ".join(self._by_name)
            _log.warning("The model takes no param %s, which is left out; it takes %s.", unknown[0], known)
        taken = {name: self._by_name[name].checked(given[name]) for name in given if name in self._by_name}
        return {**self._defaults, **taken}

    def to_dict(self) -> list[dict[str, Any]]:
        """MLflow's JSON, as values."""
        return [param.to_dict() for param in self.params]

    def to_json(self) -> str:
        """MLflow's JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> ParamSchema:
        """The params of MLflow's JSON.

        Raises:
            InvalidModel: It is none.
        """
        try:
            return cls([ParamSpec.from_dict(entry) for entry in json.loads(text)])
        except (KeyError, TypeError, ValueError, InvalidRequest) as error:
            raise InvalidModel(f"These are no params of a model: {text[:200]} ({error!r})") from error

    def __iter__(self) -> Iterator[ParamSpec]:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParamSchema) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"[{', '.join(map(str, self.params))}]"


def _whole(value: Any, kind: DataType) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and -(1 << _WHOLE_BITS[kind]) <= value < 1 << _WHOLE_BITS[kind] else None


def _number(value: Any, kind: DataType) -> float | None:
    del kind
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: Any, kind: DataType) -> dt.datetime | None:
    del kind
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  without a zone, as it was given
    try:
        return dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_CONVERTERS = {
    DataType.boolean: lambda value, _: value if isinstance(value, bool) else None,
    DataType.integer: _whole,
    DataType.long: _whole,
    DataType.float: _number,
    DataType.double: _number,
    DataType.string: lambda value, _: value if isinstance(value, str) else None,
    DataType.binary: lambda value, _: bytes(value) if isinstance(value, bytes | bytearray) else None,
    DataType.datetime: _moment,
}


def _iso(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
