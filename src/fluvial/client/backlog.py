"""What a journal still has to send: slices of its chunks, and how far the server has it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from fluvial.client.chunks import Chunk, StoredChunk, chunk_paths, pieces, span
from fluvial.client.taken import TakenRun, learn_call
from fluvial.wire.journal import (
    FRAME,
    KIND_CALL,
    KIND_RUN,
    KIND_SERIES,
    POINT,
    POINT_FRAME_BYTES,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
)

ACKNOWLEDGED_FILE = "acknowledged"

_SKIP_BYTES = 1024 * 1024

# A point's frame as 32-bit words: where the numbers of its run and its series are.
_POINT_WORDS = POINT_FRAME_BYTES // 4
_RUN_WORD = 3
_SERIES_WORD = 4

# With more definitions than this before a slice, only those that its points use are repeated.
_MAX_REPEATED_DEFINITIONS = 64

_RUNS = msgspec.msgpack.Decoder(RunDefinition)
_SERIES = msgspec.msgpack.Decoder(SeriesDefinition)


class Tally(Struct, array_like=True):
    """Points of one series of one run that the server took.

    Attributes:
        n_points: How many.
        step: Of the last.
        timestamp: Of the last.
        value: Of the last.
    """

    n_points: int
    step: int
    timestamp: int
    value: float


class Acknowledged(Struct, kw_only=True):
    """How far the server has a journal, and what the records after that refer to.

    Attributes:
        stream_id: The name under which the server counts its records: the journal's id, unless the
            server has lost what was there (see `Backlog.restart`).
        sequence: Number of the first record that the server lacks.
        chunk: Number of the chunk that has this record.
        offset: Where it stands in the chunk, in bytes.
        runs: Runs defined before, by number.
        series: Series defined before, by number.
        taken: Points that the server took, by run and series; what `fluvial verify` holds it to.
        calls: What it took beside points, by run id.
    """

    stream_id: str
    sequence: int = 0
    chunk: int = 0
    offset: int = 0
    runs: dict[int, RunDefinition] = {}
    series: dict[int, SeriesDefinition] = {}
    taken: dict[int, dict[int, Tally]] = {}
    calls: dict[str, TakenRun] = {}


class Slice(Struct, frozen=True, kw_only=True):
    """Some records to send.

    Attributes:
        header: What the server needs to read them alone.
        frames: The records.
        chunk: Number of the chunk they stand in.
        stop: Where they end in it, in bytes.
    """

    header: SliceHeader
    frames: bytes
    chunk: int
    stop: int


class Backlog:
    """The records of a journal that the server lacks, in order.

    Args:
        chunks: The journal's chunks, which are taken out as the server has them. The owner may append.
        acknowledged: Where to begin.
        folder: Where the state is kept; none for a journal in memory.
    """

    def __init__(
        self, chunks: list[Chunk] | list[StoredChunk], acknowledged: Acknowledged, folder: Path | None
    ) -> None:
        self._chunks = chunks
        self._folder = folder
        self.acknowledged = acknowledged

    @property
    def position(self) -> tuple[int, int]:
        """Chunk and offset of the first record that the server lacks."""
        return self.acknowledged.chunk, self.acknowledged.offset

    def next_slice(self, max_bytes: int) -> Slice | None:
        """The next records, up to `max_bytes` but at least one; none if the server has them all."""
        state = self.acknowledged
        chunks: tuple[Chunk | StoredChunk, ...] = tuple(self._chunks)
        for chunk in chunks:
            if chunk.number < state.chunk:
                continue
            # Asked before reading: what was written before the sealing is then seen below.
            is_sealed = chunk.is_sealed
            start = state.offset if chunk.number == state.chunk else 0
            n_records, frames = _whole_frames(chunk, start, max_bytes)
            if n_records:
                return self._slice(chunk.number, start, n_records, frames)
            if not is_sealed:
                return None
        return None

    def count(self) -> int:
        """How many records the server lacks."""
        n_records = 0
        chunks: tuple[Chunk | StoredChunk, ...] = tuple(self._chunks)
        for chunk in chunks:
            if chunk.number >= self.acknowledged.chunk:
                start = self.acknowledged.offset if chunk.number == self.acknowledged.chunk else 0
                n_records += span(chunk.read(start, chunk.end()))[0]
        return n_records

    def acknowledge(self, sent: Slice, refused: Container[int] = ()) -> None:
        """The server has this slice.

        Args:
            sent: The slice.
            refused: Numbers of the calls in it that the server refused.
        """
        state = self.acknowledged
        sequence = sent.header.first_sequence
        for start, stop, n_points in pieces(sent.frames):
            if n_points:
                self._count_points(memoryview(sent.frames)[start:stop])
            elif sequence not in refused:
                self._learn(memoryview(sent.frames)[start + FRAME.size : stop])
            sequence += n_points or 1
        state.sequence = sent.header.first_sequence + sent.header.n_records
        state.chunk, state.offset = sent.chunk, sent.stop

    def skip_to(self, sequence: int) -> bool:
        """The server has everything before this record, which an earlier process sent.

        Returns:
            Whether the journal holds that record, or would hold it next.
        """
        state = self.acknowledged
        if sequence < state.sequence:
            return False
        while state.sequence < sequence:
            ahead = self.next_slice(_SKIP_BYTES)
            if ahead is None:
                return False
            self.acknowledge(_first_records(ahead, sequence - state.sequence))
        return True

    def restart(self, stream_id: str) -> None:
        """Send the rest under another name: the server has lost what it acknowledged."""
        self.acknowledged.stream_id = stream_id
        self.acknowledged.sequence = 0

    def save(self) -> None:
        """Keep how far the server has it, and delete the chunks that it has whole.

        Raises:
            OSError: The disk is full.
        """
        if self._folder is not None:
            target = self._folder / ACKNOWLEDGED_FILE
            part = target.with_suffix(".part")
            part.write_bytes(msgspec.msgpack.encode(self.acknowledged))
            part.replace(target)
        while self._chunks and self._chunks[0].number < self.acknowledged.chunk:
            self._chunks.pop(0).delete()

    def _slice(self, chunk: int, start: int, n_records: int, frames: bytes) -> Slice:
        state = self.acknowledged
        runs, series = state.runs, state.series
        if len(runs) + len(series) > _MAX_REPEATED_DEFINITIONS:
            used_runs, used_series = _used_numbers(frames)
            runs = {number: runs[number] for number in used_runs & runs.keys()}
            series = {number: series[number] for number in used_series & series.keys()}
        header = SliceHeader(
            journal_id=state.stream_id,
            first_sequence=state.sequence,
            n_records=n_records,
            runs=tuple(runs.values()),
            series=tuple(series.values()),
        )
        return Slice(header=header, frames=frames, chunk=chunk, stop=start + len(frames))

    def discount(self, points: Iterable[bytes | memoryview]) -> None:
        """Some points of the slice that is acknowledged next were refused."""
        for payload in points:
            _, run, series, *last = POINT.unpack(payload)
            tally = self.acknowledged.taken.setdefault(run, {}).setdefault(series, Tally(0, *last))
            tally.n_points -= 1

    def _count_points(self, frames: memoryview) -> None:
        """Remember how many points of each series there are, and the last."""
        words = frames.cast("I")
        places = list(
            zip(
                words[_RUN_WORD::_POINT_WORDS].tolist(),
                words[_SERIES_WORD::_POINT_WORDS].tolist(),
                strict=True,
            )
        )
        last_index = dict(zip(places, range(len(places)), strict=True))
        for (run, series), n_points in Counter(places).items():
            offset = last_index[run, series] * POINT_FRAME_BYTES + FRAME.size
            _, _, _, step, timestamp, value = POINT.unpack_from(frames, offset)
            of_run = self.acknowledged.taken.setdefault(run, {})
            before = of_run[series].n_points if series in of_run else 0
            of_run[series] = Tally(before + n_points, step, timestamp, value)

    def _learn(self, payload: memoryview) -> None:
        """Remember the definition in a payload, or what a call said."""
        if payload[0] == KIND_RUN:
            run = _RUNS.decode(payload[1:])
            self.acknowledged.runs[run.run] = run
        elif payload[0] == KIND_SERIES:
            series = _SERIES.decode(payload[1:])
            self.acknowledged.series[series.series] = series
        elif payload[0] == KIND_CALL:
            learn_call(self.acknowledged.calls, payload[1:], time.time_ns() // 1_000_000)


def stored_backlog(folder: Path, journal_id: str) -> Backlog:
    """What a journal that no process writes any more still has to send."""
    try:
        content = (folder / ACKNOWLEDGED_FILE).read_bytes()
    except FileNotFoundError:
        acknowledged = Acknowledged(stream_id=journal_id)
    else:
        acknowledged = msgspec.msgpack.decode(content, type=Acknowledged)
    return Backlog([StoredChunk(path) for path in chunk_paths(folder)], acknowledged, folder)


def _whole_frames(chunk: Chunk | StoredChunk, start: int, max_bytes: int) -> tuple[int, bytes]:
    """The whole frames from `start`, up to `max_bytes` but at least one, and how many they are."""
    end = chunk.end()
    data = chunk.read(start, min(end, start + max(max_bytes, FRAME.size)))
    n_frames, n_bytes = span(data)
    if not n_frames and len(data) >= FRAME.size:
        length, _ = FRAME.unpack_from(data)
        data = chunk.read(start, min(end, start + FRAME.size + length)) if length else b""
        n_frames, n_bytes = span(data)
    return n_frames, data[:n_bytes]


def _first_records(whole: Slice, n_records: int) -> Slice:
    """The first records of a slice, or all if it has no more."""
    n_missing = n_records
    end = 0
    for start, stop, n_points in pieces(whole.frames):
        n_taken = min(n_points or 1, n_missing)
        end = start + n_taken * POINT_FRAME_BYTES if n_points else stop
        n_missing -= n_taken
        if not n_missing:
            break
    return Slice(
        header=structs.replace(whole.header, n_records=n_records - n_missing),
        frames=whole.frames[:end],
        chunk=whole.chunk,
        stop=whole.stop - len(whole.frames) + end,
    )


def _used_numbers(frames: bytes) -> tuple[set[int], set[int]]:
    """The numbers of the runs and series that the metric points among the frames refer to."""
    runs: set[int] = set()
    series: set[int] = set()
    for start, stop, n_points in pieces(frames):
        if n_points:
            words = memoryview(frames)[start:stop].cast("I")
            runs.update(words[_RUN_WORD::_POINT_WORDS].tolist())
            series.update(words[_SERIES_WORD::_POINT_WORDS].tolist())
    return runs, series
