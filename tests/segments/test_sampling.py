from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fluvial.segments.points import Points
from fluvial.segments.sampling import evenly_spread

VALUES = st.lists(st.floats(width=64), min_size=2, max_size=200)


def series(values: list[float]) -> Points:
    steps = np.arange(len(values), dtype=np.int64)
    return Points(np.ones(len(values), np.int64), steps, 1000 + steps, np.array(values))


@given(VALUES, st.integers(2, 50))
def test_an_even_spread_keeps_both_ends_and_both_extremes(values: list[float], n_wanted: int) -> None:
    chosen = evenly_spread(series(values), n_wanted).tolist()

    assert chosen[0] == 0
    assert chosen[-1] == len(values) - 1
    assert len(chosen) <= n_wanted + 2
    numbers = [value for value in values if value == value]  # noqa: PLR0124  NaN
    if numbers:
        assert min(values[i] for i in chosen if values[i] == values[i]) == min(numbers)
        assert max(values[i] for i in chosen if values[i] == values[i]) == max(numbers)
