"""Applying slices of client journals: the fast way in, and the one that loses and doubles nothing."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from fluvial.entities.keys import check_key
from fluvial.errors import InvalidRequest, JournalGap, RequestError
from fluvial.segments.cells import starts_of
from fluvial.segments.points import Points
from fluvial.services import heartbeats, rules
from fluvial.services.context import Context
from fluvial.services.metric_points import intern_keys, store_points
from fluvial.services.routes import journaled_route
from fluvial.store import journals, metrics, runs
from fluvial.wire.codec import UNREADABLE, check_texts, decode_msgpack
from fluvial.wire.journal import (
    FRAME,
    KIND_CALL,
    KIND_POINT,
    KIND_RUN,
    KIND_SERIES,
    MAX_FRAME_BYTES,
    POINT_FRAME_BYTES,
    Call,
    Ingested,
    Rejected,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
)

# A metric point's frame, as wire/journal.py lays it out.
_POINT = np.dtype(
    [
        ("length", "<u4"),
        ("checksum", "<u4"),
        ("kind", "<u4"),
        ("run", "<u4"),
        ("series", "<u4"),
        ("step", "<i8"),
        ("timestamp", "<i8"),
        ("value", "<f8"),
    ]
)
_COLUMNS = ("run", "series", "step", "timestamp", "value")
MAX_MESSAGE_CHARS = 500

_RUN = msgspec.msgpack.Decoder(RunDefinition)
_SERIES = msgspec.msgpack.Decoder(SeriesDefinition)
_CALL = msgspec.msgpack.Decoder(Call)


class _PointBlock(NamedTuple):
    """Metric points among the records, by run and series, each series in the order of its records."""

    sequences: NDArray[np.int64]
    runs: NDArray[np.uint32]
    series: NDArray[np.uint32]
    steps: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, first_sequence: int, records: NDArray[np.void]) -> _PointBlock:
        """The points of neighbouring records."""
        runs, series = records["run"], records["series"]
        if len(records) > 1 and int(runs.max()) < 256 and int(series.max()) < 256:
            places = runs.astype(np.uint16) << np.uint16(8) | series.astype(np.uint16)
        else:
            places = runs.astype(np.uint64) << np.uint64(32) | series
        order = np.argsort(places, kind="stable")
        return cls(first_sequence + order, *(records[name][order] for name in _COLUMNS))

    def where(self, chosen: NDArray[np.bool_] | slice) -> _PointBlock:
        """The points that a mask or a slice picks."""
        return _PointBlock._make(column[chosen] for column in self)


class _At(NamedTuple):
    """Which records something is about."""

    sequence: int
    n_records: int

    @classmethod
    def of(cls, block: _PointBlock, mask: NDArray[np.bool_]) -> _At:
        """The records of a block that a mask picks: the number of the first, and how many."""
        return cls(int(block.sequences[mask].min()), int(mask.sum()))


class _CallRecord(NamedTuple):
    """A record that calls an endpoint."""

    sequence: int
    call: Call


def ingest(context: Context, header: SliceHeader, frames: memoryview) -> Ingested:
    """Apply a slice of a journal: each record once, in order.

    A record that cannot be applied is reported and does not hold up the others.

    Raises:
        JournalGap: The slice does not begin at the record that is lacking.
        InvalidRequest: The slice cannot be read; nothing of it is applied.
    """
    rules.check_new_run_id(header.journal_id)
    expected = journals.lock(context.transaction, header.journal_id, header.first_sequence, context.now_ms)
    if header.first_sequence != expected:
        raise JournalGap(
            f"The journal {header.journal_id} continues at record {expected}, not {header.first_sequence}.",
            expected_sequence=expected,
        )
    applied = _Application(context, header)
    for part in applied.read(frames):
        applied.apply(part)
    next_sequence = header.first_sequence + header.n_records
    journals.advance(context.transaction, header.journal_id, next_sequence, context.now_ms)
    return Ingested(
        next_sequence=next_sequence,
        n_points=applied.n_points,
        rejected=tuple(sorted(applied.rejected, key=lambda one: one.sequence)),
    )


class _Application:
    """One slice being applied."""

    def __init__(self, context: Context, header: SliceHeader) -> None:
        self._context = context
        self._header = header
        self._run_ids = {definition.run: definition.run_id for definition in header.runs}
        self._series = {definition.series: definition for definition in header.series}
        self.n_points = 0
        self.rejected: list[Rejected] = []

    def read(self, frames: memoryview) -> Iterator[_PointBlock | _CallRecord]:
        """The slice's records in order, neighbouring points taken together; definitions are noted."""
        position, sequence = 0, self._header.first_sequence
        end = sequence + self._header.n_records
        while position < len(frames):
            block = _points_at(frames, position)
            if len(block):
                yield _PointBlock.of(sequence, block)
                position += len(block) * POINT_FRAME_BYTES
                sequence += len(block)
                continue
            payload = _payload_at(frames, position)
            call = self._note(payload)
            if call is not None:
                yield _CallRecord(sequence, call)
            position += FRAME.size + len(payload)
            sequence += 1
        if sequence != end:
            raise InvalidRequest(
                f"The slice says that it holds {self._header.n_records} records; "
                f"it holds {sequence - self._header.first_sequence}."
            )

    def apply(self, part: _PointBlock | _CallRecord) -> None:
        """Apply one part; what is refused is noted."""
        if isinstance(part, _CallRecord):
            self._attempt(_At(part.sequence, 1), functools.partial(self._call, part.call))
            return
        for start, end in _groups(part.runs):
            block = part.where(slice(start, end))
            self._attempt(
                _At(int(block.sequences.min()), end - start),
                functools.partial(self._append, int(block.runs[0]), block),
            )

    def _attempt(self, at: _At, work: Callable[[], None]) -> None:
        try:
            self._context.transaction.savepoint(lambda _: work())
        except RequestError as error:
            if error.status >= 500:
                raise
            self._reject(at, error)

    def _reject(self, at: _At, error: RequestError) -> None:
        self.rejected.append(
            Rejected(
                sequence=at.sequence,
                n_records=at.n_records,
                error_code=error.code,
                message=error.message[:MAX_MESSAGE_CHARS],
            )
        )

    def _call(self, call: Call) -> None:
        route = journaled_route(call.path)
        if route is None:
            raise InvalidRequest(f"{call.path[:200]!r} cannot be called from a journal.")
        if self._context.principal.permission < route.needs:
            raise InvalidRequest(f"{self._context.principal.name} may not call {call.path}.")
        route.function(self._context, decode_msgpack(route.endpoint.request, call.request))

    def _append(self, run_number: int, block: _PointBlock) -> None:
        """Store the points of one run that can be stored; the others are noted."""
        run_id = self._run_ids.get(run_number)
        if run_id is None:
            raise InvalidRequest(f"The journal does not say which run has the number {run_number}.")
        rules.check_run_id(run_id)
        row = runs.get_active(self._context.transaction, run_id)
        definitions, refused = self._definitions(block)
        early = ~refused & (block.timestamps < 0)
        if early.any():
            error = InvalidRequest("The timestamp of a metric is in ms since the epoch, from 0.")
            self._reject(_At.of(block, early), error)
        refused |= early
        if refused.any():
            block = block.where(~refused)
        if not len(block.steps):
            return
        groups = _groups(block.series)
        used = [definitions[int(block.series[start])] for start, _ in groups]
        ids = intern_keys(self._context, row, [definition.key for definition in used])
        sizes = [end - start for start, end in groups]
        sources = np.array([self._source(definition) for definition in used], np.int64)
        points = Points(
            np.repeat(np.array([ids[definition.key] for definition in used], np.int64), sizes),
            block.steps,
            block.timestamps,
            block.values,
            np.repeat(sources, sizes) if sources.any() else None,
        )
        if len(ids) < len(used):  # one metric, measured on several things: in the order it was logged
            points = points.where(np.argsort(block.sequences))
        store_points(self._context, {row: points})
        heartbeats.note_activity(self._context, row)
        self.n_points += len(points)

    def _definitions(self, block: _PointBlock) -> tuple[dict[int, SeriesDefinition], NDArray[np.bool_]]:
        """What the series of some points are, and which points have none that is allowed."""
        refused = np.zeros(len(block.series), bool)
        definitions = {}
        for start, end in _groups(block.series):
            number = int(block.series[start])
            try:
                definition = self._definition(number)
                check_key("metric", definition.key)
                check_texts(definition)
            except InvalidRequest as error:
                refused[start:end] = True
                self._reject(_At(int(block.sequences[start:end].min()), end - start), error)
            else:
                definitions[number] = definition
        return definitions, refused

    def _definition(self, number: int) -> SeriesDefinition:
        definition = self._series.get(number)
        if definition is None:
            raise InvalidRequest(f"The journal does not say which metric has the number {number}.")
        return definition

    def _source(self, definition: SeriesDefinition) -> int:
        source = (definition.model_id, definition.dataset_name, definition.dataset_digest)
        return metrics.source_id(self._context.transaction, source)

    def _note(self, payload: memoryview) -> Call | None:
        """Note a definition; returns a call."""
        kind, packed = payload[0], payload[1:]
        try:
            if kind == KIND_RUN:
                run = _RUN.decode(packed)
                self._run_ids[run.run] = run.run_id
                return None
            if kind == KIND_SERIES:
                series = _SERIES.decode(packed)
                self._series[series.series] = series
                return None
            if kind == KIND_CALL:
                return _CALL.decode(packed)
        except UNREADABLE as error:
            raise InvalidRequest(f"A record of the journal cannot be read: {error}.") from error
        raise InvalidRequest(f"A record of the journal has the unknown kind {kind}.")


def _groups(numbers: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """Where each stretch of equal numbers begins and ends."""
    return list(itertools.pairwise([*starts_of(numbers).tolist(), len(numbers)]))


def _points_at(frames: memoryview, position: int) -> NDArray[np.void]:
    """The metric points that lie side by side from a position on; empty where another record is."""
    n = (len(frames) - position) // POINT_FRAME_BYTES
    if n == 0 or frames[position + FRAME.size] != KIND_POINT:
        return np.empty(0, _POINT)
    records = np.frombuffer(frames, _POINT, n, position)
    is_point = (records["kind"] == KIND_POINT) & (records["length"] == POINT_FRAME_BYTES - FRAME.size)
    return records if is_point.all() else records[: int(is_point.argmin())]


def _payload_at(frames: memoryview, position: int) -> memoryview:
    if len(frames) - position < FRAME.size:
        raise InvalidRequest("The last record of the slice is cut off.")
    length, _ = FRAME.unpack_from(frames, position)
    start = position + FRAME.size
    if not 0 < length <= MAX_FRAME_BYTES or start + length > len(frames):
        raise InvalidRequest("A record of the slice is cut off or too long.")
    return frames[start : start + length]
