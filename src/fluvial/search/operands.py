"""The constants of a filter: numbers, text, times and durations, as their field needs them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from lark import Token, Tree

from fluvial.search.noun import Type
from fluvial.search.refusal import Fault
from fluvial.search.tree import Moment, Scalar

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
# Past both ends of the calendar, far inside 64 bits.
_MAX_OFFSET_MS = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_FORMS = "ms since 1970, '2026-01-31 12:00' or now() - 7d"


def read_operand(value: Token | Tree[Token], name: str, field_type: Type) -> Scalar:
    """The constant, as the type of the field that it is compared with.

    Args:
        value: A value of the grammar.
        name: Name of the field, for messages.
        field_type: What the field holds.

    Raises:
        Fault: A constant of another kind.
    """
    match field_type:
        case Type.TEXT | Type.CHOICE | Type.WORDS:
            return _text(value, name)
        case Type.NUMBER:
            return _number(value, name)
        case Type.TIME:
            return _time(value, name)
        case Type.DURATION:
            return _duration(value, name)


def _text(value: Token | Tree[Token], name: str) -> str:
    if isinstance(value, Token):
        if value.type == "STRING":
            return _unquoted(value)
        raise Fault(f"{name} is text: its value needs quotes, '{value}'.")
    raise Fault(f"{name} is text, not a time.")


def _number(value: Token | Tree[Token], name: str) -> float:
    if isinstance(value, Token) and value.type in {"NUMBER", "INFINITY"}:
        return float(value)
    if isinstance(value, Token) and value.type == "STRING":
        raise Fault(f"{name} is a number: its value has no quotes.")
    raise Fault(f"{name} is a number.")


def _time(value: Token | Tree[Token], name: str) -> int | float | Moment:
    if isinstance(value, Tree):
        return _moment(value)
    if value.type in {"NUMBER", "INFINITY"}:
        return _milliseconds(value)
    if value.type == "STRING":
        try:
            moment = datetime.fromisoformat(_unquoted(value))
        except ValueError:
            raise Fault(f"{name} is a time: write {_TIME_FORMS}.") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) // timedelta(milliseconds=1)
    raise Fault(f"{name} is a time: write {_TIME_FORMS}.")


def _duration(value: Token | Tree[Token], name: str) -> int | float:
    if isinstance(value, Token) and value.type in {"NUMBER", "INFINITY"}:
        return _milliseconds(value)
    if isinstance(value, Token) and value.type == "DURATION":
        return _duration_ms(value)
    raise Fault(f"{name} is a duration: write 90s, 1h30m or a number of ms.")


def _milliseconds(value: Token) -> int | float:
    """A number as it was written: one of ms is whole, but MLflow takes fractions."""
    try:
        whole = int(value)
    except ValueError:
        return float(value)
    return whole if -(2**63) <= whole < 2**63 else float(value)


def _moment(value: Tree[Token]) -> Moment:
    _now, _open, _close, *terms = [token for token in value.children if isinstance(token, Token)]
    offset_ms = 0
    for sign, duration in zip(terms[::2], terms[1::2], strict=True):
        offset_ms += _duration_ms(duration) if sign == "+" else -_duration_ms(duration)
    if abs(offset_ms) > _MAX_OFFSET_MS:
        raise Fault("No time is that far away.")
    return Moment(offset_ms)


def _duration_ms(value: Token) -> int:
    total = sum(float(number) * _UNIT_MS[unit] for number, unit in _DURATION.findall(value))
    if total > _MAX_OFFSET_MS:
        raise Fault("No duration is that long.")
    return round(total)


def _unquoted(string: Token) -> str:
    quote = string[0]
    return string[1:-1].replace(quote * 2, quote)
