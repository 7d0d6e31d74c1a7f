"""JSON as MLflow's protocol writes it, to and from messages.

The common case is one pass of msgspec. What protobuf's JSON form allows beside it — lowerCamel names,
unknown fields, enums as numbers, booleans for numbers, a string that holds the JSON — takes a second,
slower pass that only those requests pay for. NaN and infinities are "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import functools
import json
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from fluvial.errors import InvalidRequest

T = TypeVar("T", bound=msgspec.Struct)

# What msgspec raises for bytes that it cannot read: damaged, not UTF-8 within a text, nested too deeply.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

# msgspec works out how to read a type when it first meets it. Of two threads that meet it at once, the
# second reads with what the first has half done, and the process dies of it.
_MEETING = threading.Lock()


def encode(message: object) -> bytes:
    """A message, or values of JSON, as JSON."""
    body = msgspec.json.encode(message)
    # msgspec writes non-finite numbers as null; absent fields are left out, so null means just that.
    if b":null" in body or b"null," in body or b"null]" in body:
        return msgspec.json.encode(_spell_non_finite(msgspec.to_builtins(message)))
    return body


def decode(kind: type[T], body: bytes, placed: Mapping[str, str] | None = None) -> T:
    """The message in a JSON body; an empty body counts as `{}`.

    Args:
        kind: Its type.
        body: The JSON.
        placed: Fields that the path says; they win over the body's.

    Raises:
        InvalidRequest: The body is not JSON, or does not fit the message.
    """
    if placed:
        return _decode_leniently(kind, body or b"{}", placed)
    try:
        message: T = _decoder(kind).decode(body or b"{}")
    except msgspec.ValidationError:
        return _decode_leniently(kind, body)  # perhaps one of protobuf's other spellings
    except UNREADABLE as error:
        raise InvalidRequest(f"The request body is not valid JSON: {error}.") from error
    if b"\\u0000" in body:
        check_texts(message)
    return message


def decode_msgpack(kind: type[T], packed: bytes | msgspec.Raw) -> T:
    """The message in MessagePack, as a journal holds it; fields of a newer version are dropped.

    Raises:
        InvalidRequest: It is damaged, or does not fit the message.
    """
    try:
        message: T = _msgpack_decoder(kind).decode(packed)
    except msgspec.ValidationError:
        return _convert(kind, _normalise(_unpack(packed), inspect.type_info(kind)))
    except UNREADABLE as error:
        raise InvalidRequest(f"A message cannot be read: {error}.") from error
    check_texts(message)
    return message


def check_texts(message: msgspec.Struct) -> None:
    """Refuse a message with a text that not every database can keep.

    Raises:
        InvalidRequest: A text holds a NUL character or half of a surrogate pair.
    """
    for text in _texts(msgspec.to_builtins(message)):
        if "\x00" in text:
            raise InvalidRequest(f"A text holds a NUL character: {text[:100]!r}.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidRequest(f"A text holds half of a surrogate pair: {text[:100]!r}.") from error


def decode_query(kind: type[T], query: Mapping[str, Sequence[str]]) -> T:
    """The message in a query string: repeated names fill lists, the last of others counts.

    Raises:
        InvalidRequest: The query does not fit the message.
    """
    given: dict[str, Any] = {}
    for field in _fields(kind):
        names = {field.encode_name, _camel(field.encode_name)}
        values = [value for name in names for value in query.get(name, ())]
        if not values:
            continue
        if _holds_many(field.type):
            given[field.encode_name] = values
        elif _is_text(field.type):
            given[field.encode_name] = values[-1]
        else:
            given[field.encode_name] = _normalise(_plain(values[-1]), field.type)
    return _convert(kind, given)


def to_query(message: msgspec.Struct) -> list[tuple[str, str]]:
    """The message as the pairs of a query string; the reverse of `decode_query`."""
    pairs: list[tuple[str, str]] = []
    for name, value in msgspec.to_builtins(message).items():
        if isinstance(value, list | tuple):
            pairs += [(name, str(item)) for item in value]
        else:
            pairs.append((name, str(value)))
    return pairs


def _plain(text: str) -> str:
    return text.lower() if text in ("True", "False") else text


def _unpack(packed: bytes | msgspec.Raw) -> dict[str, Any]:
    try:
        given = msgspec.msgpack.decode(packed)
    except UNREADABLE as error:
        raise InvalidRequest(f"A message cannot be read: {error}.") from error
    if not isinstance(given, dict):
        raise InvalidRequest(f"A message is an object, not {_json_kind(given)}.")
    return given


def _decode_leniently(kind: type[T], body: bytes, placed: Mapping[str, str] | None = None) -> T:
    try:
        given = json.loads(body, parse_constant=_refuse_constant)
        if isinstance(given, str):  # old clients send a JSON string that holds the JSON
            given = json.loads(given, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"The request body is not valid JSON: {error}.") from error
    if not isinstance(given, dict):
        raise InvalidRequest(f"The request body is a JSON object, not {_json_kind(given)}.")
    return _convert(kind, {**_normalise(given, inspect.type_info(kind)), **(placed or {})})


def _convert(kind: type[T], given: dict[str, Any]) -> T:
    for field in _fields(kind):
        if field.required and field.encode_name not in given:
            raise InvalidRequest(f"The request lacks '{field.encode_name}'.")
    _decoder(kind)  # so that only one thread meets it
    try:
        message = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"The request does not fit: {error}.") from error
    check_texts(message)
    return message


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _refuse_constant(name: str) -> float:
    raise ValueError(f'{name} is not JSON; write it as the string "{name}"')


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    return {bool: "a boolean", str: "a string", list: "a list"}.get(type(value), "a number")


def _normalise(value: Any, wanted: inspect.Type) -> Any:
    """Spell a JSON value the way msgspec wants it."""
    match wanted:
        case inspect.UnionType(types=types):
            if value is None:
                return None
            return _normalise(value, next(t for t in types if not isinstance(t, inspect.NoneType)))
        case inspect.StructType(fields=fields) if isinstance(value, dict):
            normal = {}
            for field in fields:
                snake, camel = field.encode_name, _camel(field.encode_name)
                if snake in value:
                    if camel != snake and camel in value:
                        raise InvalidRequest(f"Both '{snake}' and '{camel}' are given: send one.")
                    normal[snake] = _normalise(value[snake], field.type)
                elif camel in value:
                    normal[snake] = _normalise(value[camel], field.type)
            # protobuf's JSON form takes null for "not set"
            return {name: item for name, item in normal.items() if item is not None}
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return [_normalise(entry, item) for entry in value] if isinstance(value, list) else value
        case inspect.EnumType(cls=cls) if _is_enum_number(value):
            members = tuple(cls)
            return members[int(value) - 1].value if 1 <= int(value) <= len(members) else str(value)
        case inspect.FloatType() if isinstance(value, bool):
            return float(value)
        case _:
            return value


def _is_enum_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) < 10
    return isinstance(value, int) and not isinstance(value, bool)


def _spell_non_finite(value: Any) -> Any:
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    if isinstance(value, dict):
        return {name: _spell_non_finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spell_non_finite(item) for item in value]
    return value


@functools.cache
def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    with _MEETING:
        return msgspec.json.Decoder(kind, strict=False)


@functools.cache
def _msgpack_decoder(kind: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    with _MEETING:
        return msgspec.msgpack.Decoder(kind, strict=False)


@functools.cache
def _fields(kind: type[Any]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{kind} is no message")
    return info.fields


@functools.cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _holds_many(info: inspect.Type) -> bool:
    return isinstance(info, inspect.ListType | inspect.VarTupleType)


def _is_text(info: inspect.Type) -> bool:
    if isinstance(info, inspect.UnionType):
        return any(isinstance(t, inspect.StrType) for t in info.types)
    return isinstance(info, inspect.StrType)
