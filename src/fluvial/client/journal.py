"""The journal: everything that this process logs, in order, before anything else happens to it.

A journal is a folder:

    journal.json      what it is: `JournalInfo`
    lock              locked (flock) for as long as a process writes or sends it
    000000.frames     its records, see `fluvial.wire.journal` and `chunks.py`
    acknowledged      how far the server has it, see `backlog.py`
    rejected.jsonl    records that the server refused, with the reason
    artifacts/        files waiting for their upload, see `spool.py`

A process has one journal for each tracking target; a forked child begins its own. Chunks that the
server has are deleted, and the folder as well when nothing is left to send. Where the disk is full or
the folder cannot be made, the journal goes on in memory, and returns to the disk when there is space.
docs/journal.md is the specification.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import logging
import os
import shutil
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from fluvial.client.backlog import Acknowledged, Backlog, stored_backlog
from fluvial.client.chunks import FIRST_CHUNK_BYTES, MAX_CHUNK_BYTES, Chunk, chunk_path, span
from fluvial.errors import FluvialError, JournalDamaged
from fluvial.wire.journal import (
    FRAME,
    KIND_POINT,
    POINT,
    RunDefinition,
    SeriesDefinition,
    definition_frame,
    iter_frames,
)

FORMAT = 1
JOURNALS_FOLDER = "journals"
INFO_FILE = "journal.json"
LOCK_FILE = "lock"
ARTIFACTS_FOLDER = "artifacts"
REJECTED_FILE = "rejected.jsonl"
MAX_MEMORY_BYTES = 64 * 1024 * 1024

SeriesKey = str | tuple[str, str | None, str | None, str | None]

_log = logging.getLogger("fluvial")
_pack_frame = FRAME.pack
_pack_point = POINT.pack
_crc32 = zlib.crc32


class JournalInfo(Struct, frozen=True, kw_only=True):
    """What a journal is.

    Attributes:
        format: Version of the layout; a journal of a later one is left alone.
        journal_id: 32 hex characters.
        tracking_uri: Where it is sent.
        pid: Process that wrote it.
        host: Machine that wrote it.
        created: When it was begun, ms since the epoch.
    """

    format: int
    journal_id: str
    tracking_uri: str
    pid: int
    host: str
    created: int


class JournalInUse(FluvialError):
    """A living process writes this journal, and sends it."""


class Journal:
    """The journal of this process for one tracking target.

    Any thread may append. The order of what one thread appends is kept.

    Args:
        parent: The folder of all journals.
        tracking_uri: Where it will be sent.
        max_bytes: The most that it takes on the disk.

    Attributes:
        journal_id: 32 hex characters.
        folder: Where it is kept; none if in memory.
        chunks: What is written and not yet known to be on the server; the sender takes chunks out.
        runs: Numbers of the runs that points refer to, by run id.
        series: Numbers of the series that points refer to: by key, or with model and dataset.
        write: Append a frame to the newest chunk, or raise `ValueError` if it has no space.
        n_lost: Records that found no space, neither on the disk nor in memory.
    """

    def __init__(self, parent: Path, tracking_uri: str, max_bytes: int = 1 << 62) -> None:
        self.n_lost = 0
        self._lost_points: Counter[int] = Counter()
        self._max_bytes = max_bytes
        self.journal_id = os.urandom(16).hex()
        self.folder: Path | None = None
        self.chunks: list[Chunk] = []
        self.runs: dict[str, int] = {}
        self.series: dict[SeriesKey, int] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._lock_file = -1
        self._is_closed = False
        self._has_warned = False
        self._has_said_lost = False
        info = JournalInfo(
            format=FORMAT,
            journal_id=self.journal_id,
            tracking_uri=tracking_uri,
            pid=os.getpid(),
            host=socket.gethostname(),
            created=time.time_ns() // 1_000_000,
        )
        try:
            self._lock_file = _make_folder(parent / self.journal_id, info)
            self.folder = parent / self.journal_id
        except OSError as error:
            self._warn(f"cannot keep its journal in {parent}: {error}")
        self._chunk = self._new_chunk(0, FIRST_CHUNK_BYTES) or Chunk(0, FIRST_CHUNK_BYTES, None)
        self.chunks.append(self._chunk)
        self.write: Callable[[bytes], int] = self._chunk.write

    def append(self, frame: bytes) -> bool:
        """Append one or more frames, whole. The kernel has them when this returns.

        Returns:
            Whether there was space for them, on the disk or in memory.
        """
        while True:
            chunk = self._chunk
            try:
                chunk.write(frame)
            except ValueError:
                if not self._grow(chunk, len(frame)):
                    self._lose(frame)
                    return False
            else:
                return True

    def append_point(self, run: int, series: int, step: int, timestamp: int, value: float) -> None:
        """Append a metric point."""
        payload = _pack_point(KIND_POINT, run, series, step, timestamp, value)
        frame = _pack_frame(POINT.size, _crc32(payload)) + payload
        try:
            self.write(frame)
        except ValueError:
            self.append(frame)

    def append_points(self, points: Iterable[tuple[int, int, int, int, float]]) -> None:
        """Append metric points (run, series, step, timestamp, value), all or none."""
        payloads = [_pack_point(KIND_POINT, *point) for point in points]
        self.append(b"".join([_pack_frame(POINT.size, _crc32(p)) + p for p in payloads]))

    def define_run(self, run_id: str) -> int:
        """The number of a run, which later points refer to."""
        with self._lock:
            if run_id not in self.runs:
                number = next(self._numbers)
                if not self.append(definition_frame(RunDefinition(number, run_id))):
                    return number
                # Published only now: no point can come to stand before what it refers to.
                self.runs[run_id] = number
            return self.runs[run_id]

    def define_series(self, key: SeriesKey) -> int:
        """The number of a series, which later points refer to."""
        with self._lock:
            if key not in self.series:
                number = next(self._numbers)
                parts = (key,) if isinstance(key, str) else key
                if not self.append(definition_frame(SeriesDefinition(number, *parts))):
                    return number
                self.series[key] = number
            return self.series[key]

    def end(self) -> tuple[int, int]:
        """Chunk and offset where the next frame will stand."""
        while True:
            chunk = self._chunk
            end = chunk.end()
            if not chunk.is_sealed:
                return chunk.number, end

    def backlog(self) -> Backlog:
        """What there is to send, from the start."""
        return Backlog(self.chunks, Acknowledged(stream_id=self.journal_id), self.folder)

    def save(self) -> None:
        """Bring it from the kernel to the disk, against a power failure; and what is in memory only as well.

        Raises:
            OSError: The disk fails.
        """
        if self.folder is not None and any(chunk.is_in_memory for chunk in tuple(self.chunks)):
            self._return_to_disk(self.folder)
        for chunk in tuple(self.chunks):
            chunk.save()

    def close(self, *, is_sent: bool) -> int:
        """Stop writing. Any process may send what is left in the folder from now on.

        Args:
            is_sent: Whether the server has everything, so that the folder can go.

        Returns:
            How many records are lost with the process, because the disk has no space for them.
        """
        with self._lock:
            self._is_closed = True
            n_lost = 0
            for chunk in self.chunks:
                if chunk.is_in_memory and not is_sent:
                    n_lost += self._keep(chunk)
                chunk.close()
            if is_sent and self.folder is not None:
                delete_if_done(self.folder)
            self._unlock()
            return n_lost

    def lost_points(self) -> Counter[str]:
        """How many points of each metric found no space."""
        keys = {number: key if isinstance(key, str) else key[0] for key, number in self.series.items()}
        lost: Counter[str] = Counter()
        for number, n_points in self._lost_points.items():
            lost[keys.get(number, "metrics that were new")] += n_points
        return lost

    def abandon(self) -> None:
        """Let go of everything and leave it as it is: this is a forked child of the process that writes."""
        for chunk in self.chunks:
            chunk.release()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock_file != -1:
            os.close(self._lock_file)
            self._lock_file = -1

    def _grow(self, full: Chunk, n_bytes: int) -> bool:
        """Go on in a new chunk, unless another thread has begun one."""
        with self._lock:
            if self._is_closed:
                return False
            if self._chunk is not full:
                return True
            size = max(min(2 * full.size, MAX_CHUNK_BYTES), n_bytes)
            chunk = self._new_chunk(full.number + 1, size)
            if chunk is None:
                return False
            self._go_on_in(chunk)
            return True

    def _go_on_in(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        self._chunk.seal()  # first: nothing can come to stand in it that refers to what the next one defines
        self._chunk = chunk
        self.write = chunk.write

    def _new_chunk(self, number: int, size: int) -> Chunk | None:
        """A chunk on the disk, or in memory where the disk has no space; none if memory is used up."""
        if self.folder is not None:
            try:
                return self._new_file(self.folder, number, size)
            except OSError as error:
                self._warn(f"cannot extend its journal in {self.folder}: {error.strerror or error}")
        in_memory = sum(chunk.size for chunk in tuple(self.chunks) if chunk.is_in_memory)
        return Chunk(number, size, None) if in_memory + size <= MAX_MEMORY_BYTES else None

    def _new_file(self, folder: Path, number: int, size: int) -> Chunk:
        """A chunk on the disk.

        Raises:
            OSError: There is no space for it.
        """
        on_disk = sum(chunk.size for chunk in tuple(self.chunks) if not chunk.is_in_memory)
        if on_disk + size > self._max_bytes:
            limit = f"it has reached FLUVIAL_JOURNAL_MAX_BYTES, {self._max_bytes:,}"
            raise OSError(errno.ENOSPC, limit)
        return Chunk(number, size, chunk_path(folder, number))

    def _return_to_disk(self, folder: Path) -> None:
        """Bring what is in memory to the disk, now that there may be space.

        Raises:
            OSError: There is none.
        """
        with self._lock:
            if self._chunk.is_in_memory and not self._is_closed:
                self._go_on_in(self._new_file(folder, self._chunk.number + 1, FIRST_CHUNK_BYTES))
        for chunk in tuple(self.chunks):
            if chunk.is_in_memory and chunk.is_sealed:
                chunk.move_to(chunk_path(folder, chunk.number))
        self._has_warned = False
        _log.warning("There is space for fluvial's journal in %s again: it is whole on the disk.", folder)

    def _keep(self, chunk: Chunk) -> int:
        """At the end, bring a chunk from memory to the disk; returns how many records that cost."""
        n_records, _ = span(chunk.read(0, chunk.end()))
        if self.folder is None or not n_records:
            return n_records
        chunk.seal()
        try:
            chunk.move_to(chunk_path(self.folder, chunk.number))
        except OSError:
            return n_records
        return 0

    def _lose(self, frame: bytes) -> None:
        """Count records for which there is no space, and say so the first time."""
        self.n_lost += span(frame)[0]
        for payload in iter_frames(frame):
            if payload[0] == KIND_POINT:
                self._lost_points[POINT.unpack(payload)[2]] += 1
        if not self._has_said_lost:
            self._has_said_lost = True
            _log.warning(
                "fluvial keeps nothing of what is logged from now on: %s. What was logged before is kept%s.",
                "it is shutting down" if self._is_closed else "neither the disk nor memory has space for it",
                f" in {self.folder} and in memory" if self.folder is not None else " in memory",
            )

    def _warn(self, what: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            before = f"What was logged before is kept in {self.folder}. " if self.folder is not None else ""
            _log.warning(
                "fluvial %s. Your program goes on. %sWhat it logs from now on is kept in memory, up to %d "
                "MiB, until the server has it or the disk has space again.",
                what,
                before,
                MAX_MEMORY_BYTES >> 20,
            )


class StoredJournal:
    """A journal that no living process writes, taken for sending.

    Args:
        folder: Where it is.

    Raises:
        JournalInUse: A process writes or sends it.
        JournalDamaged: It says nothing about itself that this version can read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock_file = _lock(folder)
        self.info = read_info(folder)
        self.backlog = stored_backlog(folder, self.info.journal_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock_file)

    def delete_if_done(self) -> bool:
        """Remove the folder if nothing is left in it to send or to look at."""
        return delete_if_done(self.folder)


def stored_folders(parent: Path) -> list[Path]:
    """The folders of all journals, oldest first."""
    if not parent.is_dir():
        return []
    return sorted(
        (path.parent for path in parent.glob(f"*/{INFO_FILE}")),
        key=lambda folder: (folder / INFO_FILE).stat().st_mtime_ns,
    )


def read_info(folder: Path) -> JournalInfo:
    """What a journal is.

    Raises:
        JournalDamaged: It does not say, or is of a later version.
    """
    try:
        info = msgspec.json.decode((folder / INFO_FILE).read_bytes(), type=JournalInfo)
    except (OSError, msgspec.DecodeError) as error:
        raise JournalDamaged(f"{folder / INFO_FILE} cannot be read: {error}.") from error
    if info.format > FORMAT:
        raise JournalDamaged(f"{folder} is a journal of a later version of fluvial: update to send it.")
    return info


def delete_if_done(folder: Path) -> bool:
    """Remove a journal that the server has whole, unless something in it needs a look.

    The caller holds its lock.
    """
    if (folder / REJECTED_FILE).exists() or any((folder / ARTIFACTS_FOLDER).glob("*")):
        return False
    shutil.rmtree(folder)
    return True


def _make_folder(folder: Path, info: JournalInfo) -> int:
    """Make the folder of a journal, locked; returns the descriptor that holds the lock."""
    folder.mkdir(parents=True, mode=0o700)
    lock_file = _lock(folder)
    (folder / INFO_FILE).write_bytes(msgspec.json.encode(info))
    return lock_file


def _lock(folder: Path) -> int:
    """Lock a journal for as long as the descriptor is open, which is at most as long as the process."""
    lock_file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock_file)
        raise JournalInUse(f"{folder} is in use by a living process.") from error
    return lock_file
