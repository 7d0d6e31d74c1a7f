from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from fluvial.cli._charts import Line, chart, sparkline

values = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=1, max_size=200)


@given(values, st.integers(1, 60))
def test_a_sparkline_is_no_longer_than_asked_for(series: list[float], width: int) -> None:
    assert len(sparkline(series, width)) == min(len(series), width)


def test_a_sparkline_rises_with_its_values_and_has_gaps_for_nan() -> None:
    assert sparkline([0, 1, math.nan, 7], 10) == "▁▂ █"


@given(values, st.integers(38, 160), st.integers(3, 20))
def test_a_chart_fills_its_rectangle_whatever_it_draws(series: list[float], width: int, height: int) -> None:
    lines = chart(Line(range(len(series)), series), width, height)

    assert len(lines) == height
    assert all(len(line) <= width for line in lines)


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    lines = chart(Line([0, 100], [1.0, 2.0]), 30, 6)

    assert lines[0].startswith("2 ┤")
    assert lines[-2].startswith("1 ┤")
    assert lines[-1].split() == ["0", "100"]
    assert ord(lines[0][-1]) > 0x2800
    assert ord(lines[-2][3]) > 0x2800
    assert ord(lines[0][3]) == 0x2800


def test_a_nan_is_a_gap_in_a_line() -> None:
    whole, broken = (chart(Line([0, 1, 2], [0.0, y, 0.0]), 40, 5) for y in (0.0, math.nan))

    assert sum(dots(line) for line in broken) < sum(dots(line) for line in whole)


def dots(line: str) -> int:
    """How many dots of Braille a line has."""
    return sum((ord(c) - 0x2800).bit_count() for c in line if 0x2800 <= ord(c) < 0x2900)
