from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluvial.segments.chunks import pack_chunk, unpack_chunk
from fluvial.segments.columns import pack_columns, unpack_columns
from fluvial.segments.points import Points

INTEGERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(0, 300), st.just(7))
FLOATS = st.one_of(st.floats(width=64), st.floats(width=32), st.just(0.5))


@settings(deadline=None)
@given(st.lists(st.tuples(INTEGERS, INTEGERS, FLOATS, FLOATS), min_size=1, max_size=200))
def test_columns_are_unpacked_bit_by_bit(rows: list[tuple[int, int, float, float]]) -> None:
    first, second, third, fourth = zip(*rows, strict=True)
    columns = [np.array(first, np.int64), np.array(second, np.int64), np.array(third), np.array(fourth)]

    again = unpack_columns(pack_columns(columns))

    assert [column.view(np.int64).tolist() for column in again] == [
        column.view(np.int64).tolist() for column in columns
    ]


@settings(deadline=None)
@given(st.integers(-(2**62), 2**62), st.integers(-(2**62), 2**62), st.integers(1, 50))
def test_a_column_of_constant_steps_takes_no_room_for_its_rows(first: int, step: int, n: int) -> None:
    column = np.array([(first + step * i + 2**63) % 2**64 - 2**63 for i in range(n)], np.int64)

    packed = pack_columns([column])

    assert len(packed) < 60
    assert unpack_columns(packed)[0].tolist() == column.tolist()


def test_columns_of_a_newer_version_are_refused() -> None:
    packed = bytearray(pack_columns([np.zeros(3)]))
    packed[0] = 99

    with pytest.raises(ValueError, match="upgrade"):
        unpack_columns(bytes(packed))


def points(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Points:
    n = len(values)
    jitter = np.random.default_rng(1).integers(45, 60, n)
    steps = np.arange(n, dtype=np.int64)
    return Points(np.ones(n, np.int64), steps, 1_800_000_000_000 + np.cumsum(jitter), values)


def test_a_chunk_of_a_noisy_loss_takes_under_eight_bytes_a_point_and_half_of_that_in_single_precision() -> (
    None
):
    noise = np.random.default_rng(0).normal(size=8192)
    loss = np.exp(-np.arange(8192) / 3000) + 0.01 * noise

    assert len(pack_chunk(points(loss))) / 8192 < 7.5
    assert len(pack_chunk(points(loss.astype(np.float32).astype(np.float64)))) / 8192 < 4


def test_a_chunk_keeps_what_each_point_was_measured_on() -> None:
    given_points = points(np.arange(5.0))
    given_points.sources = np.array([0, 7, 7, 0, 2**60], np.int64)

    again = unpack_chunk(pack_chunk(given_points), 1)

    assert again.sources is not None
    assert again.sources.tolist() == [0, 7, 7, 0, 2**60]
