from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluvial.segments.points import Points, pack, unpack

INT64 = st.integers(-(2**62), 2**62)
POINT = st.tuples(
    st.integers(1, 400), INT64, st.integers(0, 2**60), st.floats(width=64), st.sampled_from([0, 0, 7, 8])
)


def make(rows: list[tuple[int, int, int, float, int]]) -> Points:
    keys, steps, timestamps, values, sources = zip(*rows, strict=True)
    return Points(
        np.array(keys, np.int64),
        np.array(steps, np.int64),
        np.array(timestamps, np.int64),
        np.array(values, np.float64),
        np.array(sources, np.int64),
    )


@given(st.lists(POINT, min_size=1, max_size=300))
def test_what_is_packed_is_unpacked_bit_by_bit(rows: list[tuple[int, int, int, float, int]]) -> None:
    points = make(rows)

    again = unpack(pack(points))

    assert again.keys.tolist() == points.keys.tolist()
    assert again.steps.tolist() == points.steps.tolist()
    assert again.timestamps.tolist() == points.timestamps.tolist()
    assert again.values.view(np.int64).tolist() == points.values.view(np.int64).tolist()
    assert again.sources is not None
    assert again.sources.tolist() == make(rows).sources.tolist()  # type: ignore[union-attr]


@given(
    st.lists(
        st.tuples(st.just(1), st.integers(0, 3), st.integers(0, 3), st.floats(), st.just(0)), max_size=60
    )
)
def test_points_come_by_step_and_exact_repetitions_once(
    rows: list[tuple[int, int, int, float, int]],
) -> None:
    points = make(rows) if rows else Points.concatenate([])
    bits = points.values.view(np.int64).tolist()
    triples = list(zip(points.steps.tolist(), points.timestamps.tolist(), bits, strict=True))
    expected = sorted(dict.fromkeys(triples), key=lambda triple: triple[:2])

    ordered = points.in_step_order()

    ordered_bits = ordered.values.view(np.int64).tolist()
    assert (
        list(zip(ordered.steps.tolist(), ordered.timestamps.tolist(), ordered_bits, strict=True)) == expected
    )


def test_a_segment_holds_at_most_65_535_keys() -> None:
    n = 65_536
    zeros = np.zeros(n, np.int64)
    points = Points(np.arange(n, dtype=np.int64), zeros, zeros, np.zeros(n))

    with pytest.raises(ValueError, match="65535"):
        pack(points)


def test_a_segment_of_a_newer_version_is_refused() -> None:
    segment = bytearray(pack(make([(1, 1, 1, 1.0, 0)])))
    segment[0] = 99

    with pytest.raises(ValueError, match="upgrade"):
        unpack(bytes(segment))


def test_a_training_curve_takes_under_eight_bytes_a_point() -> None:
    n = 10_000
    noise = np.random.default_rng(0).normal(size=n)
    steps = np.arange(n, dtype=np.int64)
    points = Points(np.ones(n, np.int64), steps, 1_800_000_000_000 + 50 * steps, np.exp(-steps / 1e4) + noise)

    assert len(pack(points)) / n < 8
