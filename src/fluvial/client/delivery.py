"""Bring a backlog to the platform: slice after slice, each applied once."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Container
from pathlib import Path

import msgspec
from msgspec import Struct

from fluvial.client.backlog import Backlog, Slice
from fluvial.client.journal import REJECTED_FILE
from fluvial.client.receipts import append_receipt
from fluvial.client.transport import Transport
from fluvial.errors import AlreadyExists, InvalidRequest, JournalGap, RequestError, TooLarge
from fluvial.wire.experiments import CREATE_EXPERIMENT
from fluvial.wire.journal import (
    KIND_CALL,
    KIND_POINT,
    POINT,
    Call,
    Rejected,
    RunDefinition,
    definition_frame,
    frame,
    iter_frames,
)

SLICE_BYTES = 4 * 1024 * 1024
MIN_SLICE_BYTES = 16 * 1024

# No record has the run 0.
NOTHING = RunDefinition(0, "")

_log = logging.getLogger("fluvial")
_CALL = msgspec.msgpack.Decoder(Call)


class RejectedRecords(Struct, frozen=True, kw_only=True):
    """A line of `rejected.jsonl`.

    Attributes:
        sequence: Number of the first of the records.
        n_records: How many there are.
        error_code: Wire code of the error.
        message: What the server said.
        frames: The records as they stood in the journal, base64.
    """

    sequence: int
    n_records: int
    error_code: str
    message: str
    frames: str


class Delivery:
    """Sends the records of one journal.

    Args:
        backlog: What there is to send.
        transport: Where to.
        folder: Where to keep what is refused; none for a journal in memory.

    Attributes:
        n_rejected: Records refused so far.
    """

    def __init__(self, backlog: Backlog, transport: Transport, folder: Path | None) -> None:
        self._backlog = backlog
        self._transport = transport
        self._folder = folder
        self._slice_bytes = SLICE_BYTES
        self._reported: set[tuple[str, str]] = set()
        self.n_rejected = 0

    def send_next(self, end: tuple[int, int] | None = None) -> int:
        """Send one slice, if there is one, and wait until the platform has it.

        Args:
            end: A position of the journal from which on nothing need be sent now.

        Returns:
            How many records it had; 0 if there is nothing to send.

        Raises:
            RequestError: The platform takes nothing at the moment.
            Unreachable: It did not answer.
        """
        if end is not None and self._backlog.position >= end:
            return 0
        piece = self._backlog.next_slice(self._slice_bytes)
        if piece is None:
            return 0
        try:
            answer = self._transport.ingest(piece.header, piece.frames)
        except JournalGap as gap:
            # An answer got lost: the platform has more than we know of. Or it has less than it said.
            if not self._backlog.skip_to(gap.expected_sequence):
                self._backlog.restart(os.urandom(16).hex())
            return 1
        except (TooLarge, InvalidRequest) as error:
            return self._narrow(piece, error)
        for rejected in answer.rejected:
            self._keep(piece, rejected)
        self._acknowledge(piece, {rejected.sequence for rejected in answer.rejected})
        return piece.header.n_records

    def _narrow(self, piece: Slice, error: RequestError) -> int:
        """A slice was refused whole: find the record that it was refused for, and go on without that one.

        Returns:
            How many records are done with.
        """
        if piece.header.n_records > 1:
            self._slice_bytes = max(len(piece.frames) // 2, 1)
            return 1
        # The number must be taken all the same, by a record that says nothing.
        self._transport.ingest(piece.header, definition_frame(NOTHING))
        rejected = Rejected(
            sequence=piece.header.first_sequence, n_records=1, error_code=error.code, message=error.message
        )
        self._keep(piece, rejected)
        self._acknowledge(piece, {rejected.sequence})
        return 1

    def _acknowledge(self, piece: Slice, refused: Container[int]) -> None:
        self._backlog.acknowledge(piece, refused)
        self._slice_bytes = min(max(2 * self._slice_bytes, MIN_SLICE_BYTES), SLICE_BYTES)

    @property
    def position(self) -> tuple[int, int]:
        """Chunk and offset of the first record that the platform lacks, as far as we know."""
        return self._backlog.position

    def n_waiting(self) -> int:
        """How many records are not sent."""
        return self._backlog.count()

    def write_receipt(self, folder: Path, tracking_uri: str) -> None:
        """Remember what the platform took, for when the journal is gone."""
        append_receipt(folder, self._backlog.acknowledged, tracking_uri)

    def save(self) -> None:
        """Remember how far the platform has it.

        Raises:
            OSError: The disk is full.
        """
        self._backlog.save()

    def _keep(self, piece: Slice, rejected: Rejected) -> None:
        """Put refused records aside and say so, once for each reason."""
        payloads = _records_of(piece, rejected)
        if rejected.error_code == AlreadyExists.code and _creates_experiment(payloads[0]):
            return
        self.n_rejected += rejected.n_records
        if payloads[0][0] == KIND_POINT:
            self._backlog.discount(payloads)
        reason = (rejected.error_code, rejected.message)
        if reason not in self._reported:
            self._reported.add(reason)
            _log.warning("The tracking server refused what was logged: %s (%s)", rejected.message, reason[0])
        if self._folder is not None:
            frames = b"".join(frame(bytes(payload)) for payload in payloads)
            line = RejectedRecords(
                sequence=rejected.sequence,
                n_records=rejected.n_records,
                error_code=rejected.error_code,
                message=rejected.message,
                frames=base64.b64encode(frames).decode(),
            )
            try:
                with (self._folder / REJECTED_FILE).open("ab") as file:
                    file.write(msgspec.json.encode(line) + b"\n")
            except OSError as error:
                _log.warning("%d refused records cannot be kept: %s", rejected.n_records, error)


def _records_of(piece: Slice, rejected: Rejected) -> list[memoryview]:
    """The records that were refused. Points of one run are refused together, whatever lies between them."""
    payloads = list(iter_frames(piece.frames))[rejected.sequence - piece.header.first_sequence :]
    if payloads[0][0] == KIND_POINT:
        run = POINT.unpack(payloads[0])[1]
        payloads = [p for p in payloads if p[0] == KIND_POINT and POINT.unpack(p)[1] == run]
    return payloads[: rejected.n_records]


def _creates_experiment(payload: memoryview) -> bool:
    """Whether the record creates an experiment, which may well be there already."""
    return payload[0] == KIND_CALL and _CALL.decode(payload[1:]).path == CREATE_EXPERIMENT.path
