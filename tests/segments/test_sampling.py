from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fluvial.segments.points import Points
from fluvial.segments.sampling import envelope, evenly_spread

VALUES = st.lists(st.floats(width=64), min_size=2, max_size=200)


def series(values: list[float]) -> Points:
    steps = np.arange(len(values), dtype=np.int64)
    return Points(np.ones(len(values), np.int64), steps, 1000 + steps, np.array(values))


@given(VALUES, st.data())
def test_no_spike_hides_in_a_bucket(values: list[float], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, len(values)))

    buckets = envelope(series(values), n)

    start = 0
    for i, last_step in enumerate(buckets.steps.tolist()):
        share = np.array(values[start : last_step + 1])
        numbers = share[~np.isnan(share)]
        if len(numbers):
            assert buckets.minimums[i] == numbers.min()
            assert buckets.maximums[i] == numbers.max()
        else:
            assert np.isnan(buckets.minimums[i])
        finite = share[np.isfinite(share)]
        if len(finite):
            assert buckets.values[i] == finite[-1]
        start = last_step + 1
    assert start == len(values)


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
