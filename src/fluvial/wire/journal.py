"""The journal's records, which are also what the client sends: `POST /api/1.0/fluvial/ingest`.

A journal is a sequence of records, numbered from 0. Each is one frame, little-endian:

    u32 length of the payload | u32 CRC-32 of the payload | payload

The first byte of a payload is its kind:

    1  a metric point, 36 bytes: kind, 3 zero bytes, u32 run, u32 series, i64 step, i64 timestamp (ms),
       f64 value. `run` and `series` are numbers that a record before gave a meaning.
    2  a run: msgpack [run, run_id]
    3  a series: msgpack [series, key, model_id or nil, dataset_name or nil, dataset_digest or nil]
    4  a call of an endpoint: msgpack [path, request]; which endpoints may stand in a journal, the
       server says (`journaled` in `services/routes.py`)

A slice of a journal travels as:

    b"FLJ1" | u32 length of the header | header: msgpack of SliceHeader | frames

The header repeats the runs and series that records before the slice defined and points within it use, so
that a slice can be read alone. The server applies a slice only if it starts at the record that it lacks
(else `JournalGap` says which that is), so that no record is applied twice, whatever the network did.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fluvial.errors import InvalidRequest, JournalDamaged
from fluvial.wire.codec import UNREADABLE
from fluvial.wire.endpoint import Message

INGEST_PATH = "/api/1.0/fluvial/ingest"
MEDIA_TYPE = "application/vnd.fluvial.journal"

MAGIC = b"FLJ1"
FRAME = struct.Struct("<II")
POINT = struct.Struct("<B3xIIqqd")
POINT_FRAME_BYTES = FRAME.size + POINT.size
MAX_FRAME_BYTES = 64 * 1024 * 1024
MAX_SLICE_BYTES = 64 * 1024 * 1024

KIND_POINT = 1
KIND_RUN = 2
KIND_SERIES = 3
KIND_CALL = 4


class SeriesDefinition(Struct, frozen=True, array_like=True):
    """What a series number stands for."""

    series: int
    key: str
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class RunDefinition(Struct, frozen=True, array_like=True):
    """What a run number stands for."""

    run: int
    run_id: str


class Call(Struct, frozen=True, array_like=True):
    """A call of an endpoint: its path and its request, still packed."""

    path: str
    request: msgspec.Raw


class SliceHeader(Struct, frozen=True, kw_only=True):
    """What precedes the frames of a slice.

    Attributes:
        journal_id: 32 hex characters; one per journal.
        first_sequence: Number of the first record in the slice.
        n_records: Records in the slice.
        runs: Runs defined before the slice.
        series: Series defined before the slice.
    """

    journal_id: str
    first_sequence: int
    n_records: int
    runs: tuple[RunDefinition, ...] = ()
    series: tuple[SeriesDefinition, ...] = ()


class Rejected(Message, frozen=True, kw_only=True):
    """A record that was read but refused; the others were applied.

    Attributes:
        sequence: Its number.
        n_records: How many records share the reason, from that one on.
        error_code: Wire code of the error.
        message: What is wrong.
    """

    sequence: int
    n_records: int
    error_code: str
    message: str


class Ingested(Message, frozen=True, kw_only=True):
    """Answer to a slice.

    Attributes:
        next_sequence: Number of the first record that the server lacks now.
        n_points: Metric points stored.
        rejected: Records that were refused, with the reason.
    """

    next_sequence: int
    n_points: int
    rejected: tuple[Rejected, ...] = ()


def frame(payload: bytes) -> bytes:
    """A payload as a frame."""
    return FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def point_frame(run: int, series: int, step: int, timestamp: int, value: float) -> bytes:
    """A metric point as a frame."""
    return frame(POINT.pack(KIND_POINT, run, series, step, timestamp, value))


def definition_frame(definition: RunDefinition | SeriesDefinition) -> bytes:
    """A definition of a run or a series as a frame."""
    kind = KIND_RUN if isinstance(definition, RunDefinition) else KIND_SERIES
    return frame(bytes((kind,)) + msgspec.msgpack.encode(definition))


def call_frame(path: str, request: Struct) -> bytes:
    """A call of an endpoint as a frame."""
    packed = msgspec.Raw(msgspec.msgpack.encode(request))
    return frame(bytes((KIND_CALL,)) + msgspec.msgpack.encode(Call(path, packed)))


def iter_frames(data: bytes | memoryview) -> Iterator[memoryview]:
    """The payloads of whole, undamaged frames, in order.

    Raises:
        JournalDamaged: A frame is cut off or its checksum differs.
    """
    view = memoryview(data)
    position = 0
    while position < len(view):
        if len(view) - position < FRAME.size:
            raise JournalDamaged(f"The frame at byte {position} is cut off.")
        length, checksum = FRAME.unpack_from(view, position)
        start = position + FRAME.size
        payload = view[start : start + length]
        if len(payload) < length:
            raise JournalDamaged(f"The frame at byte {position} is cut off.")
        if zlib.crc32(payload) != checksum:
            raise JournalDamaged(f"The frame at byte {position} does not match its checksum.")
        yield payload
        position = start + length


def pack_slice(header: SliceHeader, frames: bytes) -> bytes:
    """A slice as the body of an ingest request."""
    packed = msgspec.msgpack.encode(header)
    return b"".join((MAGIC, struct.pack("<I", len(packed)), packed, frames))


_HEADER = msgspec.msgpack.Decoder(SliceHeader)


def unpack_slice(body: bytes) -> tuple[SliceHeader, memoryview]:
    """The header and the frames of the body of an ingest request.

    Raises:
        InvalidRequest: The body is no slice of a journal.
    """
    if body[:4] != MAGIC or len(body) < 8:
        raise InvalidRequest("The body is no slice of a journal: it does not start with FLJ1.")
    (length,) = struct.unpack_from("<I", body, 4)
    try:
        header = _HEADER.decode(body[8 : 8 + length])
    except UNREADABLE as error:
        raise InvalidRequest(f"The header of the journal slice cannot be read: {error}.") from error
    return header, memoryview(body)[8 + length :]
