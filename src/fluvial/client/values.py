"""What users may pass to `log_*`, as the journal keeps it. What is wrong raises here, at the call."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from fluvial.entities.experiment import ViewType
from fluvial.entities.keys import check_key
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest

_MAX_INT = 2**63 - 1


def as_float(key: object, value: Any) -> float:
    """A metric's value: anything that is a number, or converts to one.

    Raises:
        InvalidRequest: It is not.
    """
    if not isinstance(value, str | bytes | bytearray):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError):
            pass  # of another type, or an array of several values
    shown = repr(value)
    raise InvalidRequest(
        f"The value of the metric {key!r} is one number, not {shown[:60]} ({type(value).__name__})."
    )


def as_step(step: Any) -> int:
    """A training step; none counts as 0.

    Raises:
        InvalidRequest: It is no whole number of 64 bits.
    """
    if step is None:
        return 0
    return _as_int("A step", step, -_MAX_INT - 1)


def as_timestamp(timestamp: Any) -> int:
    """A time in ms since the epoch.

    Raises:
        InvalidRequest: It is no whole number, or negative.
    """
    return _as_int("A timestamp, in ms since the epoch,", timestamp, 0)


def as_key(kind: str, key: Any) -> str:
    """The name of a metric, param or tag.

    Raises:
        InvalidRequest: It is no text, or has characters that a name may not have.
    """
    if not isinstance(key, str):
        raise InvalidRequest(f"A {kind} name is text, not {key!r} ({type(key).__name__}).")
    check_key(kind, key)
    return key


def as_experiment_name(name: Any) -> str:
    """The name of an experiment.

    Raises:
        InvalidRequest: It is no text, or blank.
    """
    if not isinstance(name, str) or not name.strip():
        raise InvalidRequest(f"An experiment's name is text that is not blank, not {name!r}.")
    return name


def as_run_id(run_id: Any) -> str:
    """A run's id.

    Raises:
        InvalidRequest: It is no text, or blank.
    """
    if not isinstance(run_id, str) or not run_id:
        raise InvalidRequest(f"A run's id is text, not {run_id!r}.")
    return run_id


def as_view_type(view_type: Any) -> ViewType:
    """Which lifecycle stages to look at: by name, or by MLflow's number.

    Raises:
        InvalidRequest: There is no such view.
    """
    views = {view.number: view for view in ViewType} | {str(view): view for view in ViewType}
    try:
        return views[view_type]
    except (KeyError, TypeError) as error:
        raise InvalidRequest(f"A view is one of {', '.join(ViewType)}; not {view_type!r}.") from error


def as_mapping(what: str, given: Any) -> dict[Any, Any]:
    """A mapping of names to values.

    Raises:
        InvalidRequest: It is none.
    """
    try:
        return dict(given)
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"The {what} are a dict of names and values, not {given!r}.") from error


def _as_int(what: str, value: Any, minimum: int) -> int:
    if isinstance(value, float) and value.is_integer():
        number = int(value)
    else:
        try:
            number = operator.index(value)
        except TypeError as error:
            raise InvalidRequest(
                f"{what} is a whole number, not {value!r} ({type(value).__name__})."
            ) from error
    if not minimum <= number <= _MAX_INT:
        raise InvalidRequest(f"{what} is from {minimum} to {_MAX_INT}, not {number}.")
    return number


def as_tags(tags: Mapping[str, Any] | None) -> tuple[Tag, ...]:
    """Tags of models as they are sent; the platform says which keys they may have."""
    return tuple(Tag(key, str(value)) for key, value in (tags or {}).items())
