from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluvial.segments.cells import Cells, cells_of, concatenate, pack_cells, unpack_cells

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf])), min_size=1, max_size=80
)


def cells(values: list[float], size: int) -> Cells:
    n = len(values)
    steps = np.arange(n, dtype=np.int64) * 3
    ms = 1000 + (steps * 7) % 50
    return cells_of(steps, ms, np.array(values), np.arange(0, n, size))


def check(cell: Cells, values: list[float], first: int) -> None:
    """One cell against the values that it stands for, counted one by one."""
    finite = [value for value in values if math.isfinite(value)]
    found = {name: column.item() for name, column in zip(Cells._fields, cell, strict=True)}
    assert found["n_points"] == len(values)
    assert found["n_nan"] == sum(map(math.isnan, values))
    assert found["n_pos_inf"] == values.count(math.inf)
    assert found["n_neg_inf"] == values.count(-math.inf)
    assert found["sums"] == pytest.approx(math.fsum(finite), rel=1e-9, abs=1e-6)
    for name, expected in {
        "minimums": min(finite, default=math.nan),
        "maximums": max(finite, default=math.nan),
        "firsts": finite[0] if finite else math.nan,
        "lasts": finite[-1] if finite else math.nan,
    }.items():
        assert found[name] == expected or (math.isnan(found[name]) and math.isnan(expected))
    steps = [3 * (first + i) for i in range(len(values))]
    times = [1000 + (step * 7) % 50 for step in steps]
    assert (found["first_steps"], found["last_steps"]) == (steps[0], steps[-1])
    assert (found["first_ms"], found["last_ms"]) == (times[0], times[-1])
    assert (found["min_ms"], found["max_ms"]) == (min(times), max(times))


@settings(deadline=None)
@given(VALUES, st.integers(1, 9))
def test_a_cell_is_exact_whatever_is_no_number(values: list[float], size: int) -> None:
    made = cells(values, size)

    assert made.n == math.ceil(len(values) / size)
    for index in range(made.n):
        check(made.where(slice(index, index + 1)), values[index * size : (index + 1) * size], index * size)


@settings(deadline=None)
@given(VALUES, st.integers(1, 5), st.integers(1, 5))
def test_cells_of_cells_are_as_exact(values: list[float], size: int, n_together: int) -> None:
    small = cells(values, size)

    merged = small.merged(np.arange(0, small.n, n_together))

    width = size * n_together
    for index in range(merged.n):
        check(
            merged.where(slice(index, index + 1)), values[index * width : (index + 1) * width], index * width
        )


def test_cells_are_unpacked_as_they_were_packed() -> None:
    made = concatenate([cells([1.0, math.nan, 3.0], 2), cells([math.inf, 5.0], 1)])

    again = unpack_cells(pack_cells(made))

    for before, after in zip(made, again, strict=True):
        np.testing.assert_array_equal(before, after)
