from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluvial.client.chunks import Chunk, StoredChunk, pieces, span
from fluvial.wire.journal import (
    RunDefinition,
    SeriesDefinition,
    call_frame,
    definition_frame,
    iter_frames,
    point_frame,
)
from fluvial.wire.runs import SET_TAG, SetTag

points = st.builds(
    point_frame,
    run=st.integers(0, 2**32 - 1),
    series=st.integers(0, 2**32 - 1),
    step=st.integers(-(2**63), 2**63 - 1),
    timestamp=st.integers(0, 2**63 - 1),
    value=st.floats(),
)
definitions = st.builds(
    lambda number, key: definition_frame(SeriesDefinition(number, key)),
    st.integers(0, 300),
    st.text(max_size=60),
)
runs = st.builds(lambda number: definition_frame(RunDefinition(number, "r" * 32)), st.integers(0, 300))
calls = st.builds(
    lambda value: call_frame(SET_TAG.path, SetTag(run_id="r", key="k", value=value)), st.text(max_size=60)
)
frames = st.lists(points | st.lists(points, max_size=200).map(b"".join) | definitions | runs | calls)


@settings(deadline=None)
@given(frames)
def test_pieces_are_the_frames(parts: list[bytes]) -> None:
    data = b"".join(parts)
    payloads = list(iter_frames(data))

    found = list(pieces(data))

    assert span(data) == (len(payloads), len(data))
    position = 0
    for start, stop, n_points in found:
        block = list(iter_frames(data[start:stop]))
        assert start == position
        assert len(block) == (n_points or 1)
        assert all((payload[0] == 1) == bool(n_points) for payload in block)
        position = stop


@settings(deadline=None)
@given(frames, st.integers(0, 200))
def test_a_cut_off_frame_and_zeros_are_no_frames(parts: list[bytes], n_zeros: int) -> None:
    data = b"".join(parts)
    n_frames, n_bytes = span(data)
    last = point_frame(1, 2, 3, 4, 5.0)

    assert span(data + last[:-1]) == (n_frames, n_bytes)
    assert span(data + bytes(n_zeros)) == (n_frames, n_bytes)


def test_a_chunk_takes_frames_until_it_is_full(tmp_path: Path) -> None:
    chunk = Chunk(0, 100, tmp_path / "000000.frames")
    frame = point_frame(1, 2, 3, 4, 5.0)

    chunk.write(frame)
    chunk.write(frame)

    with pytest.raises(ValueError, match="out of range"):
        chunk.write(frame)
    assert chunk.read(0, chunk.end()) == frame * 2


def test_a_sealed_chunk_takes_nothing(tmp_path: Path) -> None:
    chunk = Chunk(0, 100, tmp_path / "000000.frames")
    write = chunk.write

    chunk.seal()

    with pytest.raises(ValueError, match="closed"):
        write(b"x")


def test_a_closed_chunk_is_as_long_as_what_was_written(tmp_path: Path) -> None:
    chunk = Chunk(0, 65536, tmp_path / "000000.frames")
    frame = point_frame(1, 2, 3, 4, 5.0)
    chunk.write(frame)

    chunk.close()

    assert (tmp_path / "000000.frames").read_bytes() == frame


@pytest.mark.parametrize("value", [0.0, 0.1])
@pytest.mark.parametrize("n_lost", [1, 8, 20, 43])
def test_a_torn_tail_ends_what_can_be_read(tmp_path: Path, value: float, n_lost: int) -> None:
    path = tmp_path / "000000.frames"
    frame = point_frame(1, 2, 3, 4, value)
    path.write_bytes(frame * 3 + frame[:-n_lost] + b"\xff" * n_lost + bytes(500))

    chunk = StoredChunk(path)

    assert chunk.read(0, chunk.end()) == frame * 3
    assert chunk.n_damaged_bytes > 0


def test_a_whole_chunk_has_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "000000.frames"
    path.write_bytes(point_frame(1, 2, 3, 4, 0.0) * 3 + bytes(500))

    assert StoredChunk(path).n_damaged_bytes == 0
