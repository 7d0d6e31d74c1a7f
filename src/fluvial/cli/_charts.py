"""Charts of text: sparklines, and lines drawn with Braille dots, 2 x 4 to a character."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from fluvial.cli._output import short_number

_BARS = "▁▂▃▄▅▆▇█"
_GAP = " "
_BRAILLE = 0x2800
# Bit of a dot in its character, by column and by row from the top (Unicode 15, Braille Patterns).
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_DOTS_X, _DOTS_Y = 2, 4


class Line(Struct, frozen=True):
    """A series to draw.

    Attributes:
        x: Where each value is, ascending.
        y: The values; NaN and infinities leave gaps.
    """

    x: Sequence[float]
    y: Sequence[float]


def sparkline(values: Sequence[float], width: int) -> str:
    """Values as bars of one character each, at most `width` of them; NaN and infinities are gaps."""
    if len(values) > width:
        values = [values[round(i * (len(values) - 1) / max(width - 1, 1))] for i in range(width)]
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return _GAP * len(values)
    low, span = min(finite), max(finite) - min(finite)
    top = len(_BARS) - 1
    return "".join(
        _BARS[round((value - low) / span * top) if span else top // 2] if math.isfinite(value) else _GAP
        for value in values
    )


def chart(line: Line, width: int, height: int) -> list[str]:
    """A line chart with its axes.

    Args:
        line: What to draw.
        width: Of all of it, in characters.
        height: Of all of it, in lines, with that of the x axis.

    Returns:
        The lines, `height` of them.
    """
    points = [(x, y) for x, y in zip(line.x, line.y, strict=True) if math.isfinite(y)]
    if not points:
        return ["no finite value yet".ljust(width)[:width], *[""] * (height - 1)]
    low, high = min(y for _, y in points), max(y for _, y in points)
    labels = [short_number(high), short_number(low)]
    margin = max(map(len, labels)) + 1
    n_columns, n_rows = max(width - margin - 1, 4), height - 1
    rows = _draw(line, (low, high), n_columns, n_rows)
    shown = []
    for number, row in enumerate(rows):
        label = labels[0] if number == 0 else labels[1] if number == n_rows - 1 else ""
        shown.append(f"{label:>{margin - 1}} {'┤' if label else '│'}{row}")
    first, last = short_number(line.x[0]), short_number(line.x[-1])
    axis = f"{first}{last:>{max(n_columns - len(first), len(last) + 1)}}"
    return [*shown, " " * (margin + 1) + axis]


def _draw(line: Line, limits: tuple[float, float], n_columns: int, n_rows: int) -> list[str]:
    """The area within the axes: neighbouring finite points are joined."""
    width, height = n_columns * _DOTS_X, n_rows * _DOTS_Y
    low, span = limits[0], limits[1] - limits[0]
    first, length = line.x[0], line.x[-1] - line.x[0]
    cells = [[0] * n_columns for _ in range(n_rows)]
    before: tuple[int, int] | None = None
    for x, y in zip(line.x, line.y, strict=True):
        if not math.isfinite(y):
            before = None
            continue
        column = round((x - first) / length * (width - 1)) if length else 0
        row = round((1 - (y - low) / span) * (height - 1)) if span else height // 2
        for at_x, at_y in _between(before or (column, row), (column, row)):
            cells[at_y // _DOTS_Y][at_x // _DOTS_X] |= _DOTS[at_x % _DOTS_X][at_y % _DOTS_Y]
        before = (column, row)
    return ["".join(chr(_BRAILLE + dots) for dots in row) for row in cells]


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line."""
    n = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    return [
        (round(start[0] + (end[0] - start[0]) * i / n), round(start[1] + (end[1] - start[1]) * i / n))
        for i in range(n + 1)
    ]
