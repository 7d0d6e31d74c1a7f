"""What a metric means: its x axis, its goal, and which of its values stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from fluvial.errors import InvalidRequest

TAG_PREFIX = "fluvial.metric."

Goal = Literal["minimize", "maximize"]
Summary = Literal["last", "min", "max"]


class MetricDefinition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a metric means; kept as JSON in a tag of the run, `fluvial.metric.<key>`.

    Attributes:
        x_axis: The metric over which it is drawn; the step where none is said.
        goal: Whether less or more is better.
        summary: Which of its values stands for the run: the last, the least or the greatest.
    """

    x_axis: str | None = None
    goal: Goal | None = None
    summary: Summary | None = None

    @classmethod
    def checked(cls, x_axis: str | None, goal: str | None, summary: str | None) -> MetricDefinition:
        """A definition as a user gives it. Where a goal is given alone, the best value is the summary.

        Raises:
            InvalidRequest: There is no such goal or summary.
        """
        if summary is None and goal is not None:
            summary = {"minimize": "min", "maximize": "max"}.get(goal)
        try:
            return msgspec.convert({"x_axis": x_axis, "goal": goal, "summary": summary}, cls)
        except msgspec.ValidationError as error:
            raise InvalidRequest(
                "A metric's goal is 'minimize' or 'maximize', its summary 'last', 'min' or 'max', its x axis "
                f"the name of a metric; not {goal!r}, {summary!r}, {x_axis!r}."
            ) from error

    def to_tag(self) -> str:
        """The tag's value."""
        return msgspec.json.encode(self).decode()


def definitions_in(tags: Mapping[str, str]) -> dict[str, MetricDefinition]:
    """The definitions that a run's tags hold, by metric; one that cannot be read is left out."""
    found = {}
    for key, value in tags.items():
        if key.startswith(TAG_PREFIX):
            try:
                found[key.removeprefix(TAG_PREFIX)] = msgspec.json.decode(value, type=MetricDefinition)
            except msgspec.DecodeError:
                continue  # a tag that somebody wrote by hand
    return found
