"""The files of a journal: frames one after the other, in chunks that grow to 8 MiB.

A chunk that is written is a memory map of blocks that the disk has set aside already. One
`mmap.write` is a copy of some bytes that no other Python thread can come between, so that appending
needs no lock and no system call and never gives up the GIL: 0.2 µs, where `os.write` takes 1.6 µs and
lets a busy thread hold up the caller for 5 ms. The bytes belong to the kernel once copied, so they
outlive the process. The unwritten rest is zeros, and no frame has length 0. A full chunk leaves memory, and
is read from its file when its turn to be sent comes.
"""

from __future__ import annotations

import functools
import mmap
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from fluvial.errors import JournalDamaged
from fluvial.wire.journal import FRAME, KIND_POINT, POINT, POINT_FRAME_BYTES, iter_frames

FIRST_CHUNK_BYTES = 64 * 1024
MAX_CHUNK_BYTES = 8 * 1024 * 1024

_SUFFIX = ".frames"
# What tells a metric point from other frames: its length, and its kind; (place in the frame, byte).
_POINT_MARKS = tuple(
    (place, bytes((byte,)))
    for place, byte in (*enumerate(POINT.size.to_bytes(4, "little")), (FRAME.size, KIND_POINT))
)


class Chunk:
    """A chunk that this process writes.

    Attributes:
        number: Place in the journal, from 0.
        size: Bytes that it can hold.
        write: Append bytes whole, or raise `ValueError` where they do not fit.
        is_sealed: Whether nothing more can be written to it.
    """

    __slots__ = ("_file", "_is_saved", "_map", "_reading", "is_sealed", "number", "path", "size", "write")

    def __init__(self, number: int, size: int, path: Path | None) -> None:
        """Set the space aside; without a path, in memory.

        Raises:
            OSError: The disk has no space for it.
        """
        self.number = number
        self.size = size
        self.path = path
        self.is_sealed = False
        self._is_saved = path is None
        self._reading = threading.Lock()
        self._file = -1 if path is None else _allocate(path, size)
        self._map = mmap.mmap(self._file, size)
        self.write: Callable[[bytes], int] = self._map.write

    @property
    def is_in_memory(self) -> bool:
        """Whether it ends with the process."""
        return self.path is None

    def end(self) -> int:
        """Where the next frame will stand; of a sealed chunk, its size."""
        with self._reading:
            return self.size if self.is_sealed else self._map.tell()

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`."""
        with self._reading:
            if not self._map.closed:
                return self._map[start:stop]
        return _read(self.path, start, stop)

    def seal(self) -> None:
        """Let nothing more be written, and leave memory: a thread that tries from now on finds no space."""
        with self._reading:
            self._map.seek(0, os.SEEK_END)
            self.is_sealed = True
            if self.path is not None:
                self._map.close()
                os.close(self._file)
                self._file = -1

    def move_to(self, path: Path) -> None:
        """Bring a sealed chunk from memory to a file.

        Raises:
            OSError: The disk has no space for it.
        """
        content = self._map[:]
        part = path.with_suffix(".part")
        try:
            part.write_bytes(content[: span(content)[1]])
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        with self._reading:
            self.path = path
            self._is_saved = False
            self._map.close()

    def save(self) -> None:
        """Bring it from the kernel to the disk."""
        if self._is_saved:
            return
        is_last = self.is_sealed
        if self._file != -1 and not is_last:
            os.fsync(self._file)
        else:
            file = os.open(self.path or "", os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)
        self._is_saved = is_last

    def close(self) -> None:
        """Stop writing, and give the space back that was not used."""
        if self._file == -1:
            self.release()
            return
        # First leave other threads no place to write to: beyond the new end the map would kill the process.
        self._map.seek(0, os.SEEK_END)
        _, end = span(self._map[:])
        self._map.close()
        os.truncate(self._file, end)
        self.release()

    def release(self) -> None:
        """Let go of the file, and leave it as it is."""
        self._map.close()
        if self._file != -1:
            os.close(self._file)
            self._file = -1

    def delete(self) -> None:
        """Let go of the file and remove it."""
        self.release()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class StoredChunk:
    """A chunk that another process wrote and left. Only one slice of it is in memory at a time.

    Attributes:
        number: Place in the journal, from 0.
        path: The file.
    """

    is_sealed = True

    def __init__(self, path: Path) -> None:
        self.number = int(path.stem)
        self.path = path

    @functools.cached_property
    def n_damaged_bytes(self) -> int:
        """Bytes after the last frame that its checksum vouches for: a torn tail."""
        return max(len(self.path.read_bytes().rstrip(b"\0")) - self._n_whole_bytes, 0)

    def end(self) -> int:
        """Bytes that hold whole frames."""
        return self._n_whole_bytes

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`."""
        return _read(self.path, start, min(stop, self._n_whole_bytes))

    def delete(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)

    @functools.cached_property
    def _n_whole_bytes(self) -> int:
        content = self.path.read_bytes()
        return _undamaged(content[: span(content)[1]])


def _read(path: Path | None, start: int, stop: int) -> bytes:
    """Some bytes of a file."""
    file = os.open(path or "", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(file, max(stop - start, 0), start)
    finally:
        os.close(file)


def chunk_path(folder: Path, number: int) -> Path:
    """Where a chunk is kept."""
    return folder / f"{number:06d}{_SUFFIX}"


def chunk_paths(folder: Path) -> list[Path]:
    """The chunks of a journal, in order."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def pieces(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The whole frames at the start of `data`, as (start, stop, number of points).

    A piece is a run of metric points, or one other frame (with 0 points). Looks at lengths only. Points
    are of one length and are found in C by their length bytes: 1 M of them take 25 ms.
    """
    position = 0
    window = 64
    while position + FRAME.size <= len(data):
        n_points = _leading_points(data[position : position + window * POINT_FRAME_BYTES])
        if n_points:
            stop = position + n_points * POINT_FRAME_BYTES
            window = min(window * 4, 1 << 17)
        else:
            length, _ = FRAME.unpack_from(data, position)
            stop = position + FRAME.size + length
            window = 64
            if length == 0 or stop > len(data):
                return
        yield position, stop, n_points
        position = stop


def span(data: bytes) -> tuple[int, int]:
    """How many whole frames stand at the start of `data`, and in how many bytes."""
    n_frames = n_bytes = 0
    for start, stop, n_points in pieces(data):
        n_frames += n_points or 1
        n_bytes += stop - start
    return n_frames, n_bytes


def _leading_points(data: bytes) -> int:
    """How many metric points `data` starts with."""
    n_points = len(data) // POINT_FRAME_BYTES
    for place, byte in _POINT_MARKS:
        column = data[place : n_points * POINT_FRAME_BYTES : POINT_FRAME_BYTES]
        n_points = len(column) - len(column.lstrip(byte))
    return n_points


def _undamaged(frames: bytes) -> int:
    """How many bytes of the frames their checksums vouch for."""
    position = 0
    try:
        for payload in iter_frames(frames):
            position += FRAME.size + len(payload)
    except JournalDamaged:
        pass
    return position


def _allocate(path: Path, size: int) -> int:
    """Make a file of zeros whose blocks are set aside, so that writing to the map cannot fail."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file, 0, size)
        else:
            written = 0
            while written < size:
                written += os.write(file, bytes(min(size - written, 1 << 20)))
    except OSError:
        os.close(file)
        path.unlink(missing_ok=True)
        raise
    return file
