"""The store for `file:` and plain paths: a folder of this machine.

Names are resolved by the kernel, one segment at a time, from an open descriptor of the root, and no
symbolic link is followed: whatever somebody puts below the root, nothing outside is read or written.

A file is written beside the others, in a folder of the root that readers do not see, synced, and
renamed: it is there whole or not at all, also after a power cut. The rename itself is not synced, so
a power cut (not a crash) may undo the last seconds, as it may undo the last commits of SQLite with
`synchronous=NORMAL`. Syncing the folder too would double the cost of small files.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import time
import uuid
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fluvial.artifacts import (
    CHUNK_BYTES,
    ArtifactEntry,
    ArtifactReader,
    ArtifactStat,
    ByteSource,
    StoreOptions,
    Uri,
    checked_name,
)
from fluvial.errors import InvalidRequest, InvalidSetting, NotFound, StorageFull, Unavailable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PARTS = ".fluvial-parts"  # files that are being written, and folders that are being deleted
_UPLOAD = "upload-"  # begins the names of uploads in parts, which wait longer for what is missing
_STALE_S = 86_400.0
_STALE_UPLOAD_S = 30 * 86_400.0
_MOVES = 8  # tries to move a file into a folder that others delete at the same time

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a named pipe would wait for its writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OLD_FILE = os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}  # ELOOP: it is a symbolic link


class FileStore:
    """Keeps artifacts in a folder.

    Args:
        root: The folder; made if it is missing. It may be a symbolic link, what is below may not.

    Raises:
        InvalidSetting: The folder cannot be made or written to.
    """

    def __init__(self, root: Path) -> None:
        try:
            root.mkdir(parents=True, exist_ok=True)
            self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._close_later(self._root)
            with suppress(FileExistsError):
                os.mkdir(_PARTS, 0o700, dir_fd=self._root)
            self._parts = os.open(_PARTS, _FOLDER, dir_fd=self._root)
            self._close_later(self._parts)
            self._sweep()
        except OSError as error:
            raise InvalidSetting(f"Artifacts cannot be kept in {root}: {error.strerror}.") from error

    def _close_later(self, descriptor: int) -> None:
        # Not at the end of the process: a client uploads its last files in a handler that runs later.
        weakref.finalize(self, os.close, descriptor).atexit = False

    def write(self, key: str, content: ByteSource, *, size_bytes: int | None = None) -> None:  # noqa: ARG002
        """Write beside, sync, and rename; see `ArtifactStore.write`."""
        *folders, name = _segments(key)
        part = uuid.uuid4().hex
        try:
            with _errors_of_writing(key):
                descriptor = os.open(part, _NEW_FILE, 0o666, dir_fd=self._parts)
            with io.FileIO(descriptor, "wb") as file:
                while chunk := content.read(CHUNK_BYTES):
                    with _errors_of_writing(key):
                        _write_all(file, chunk)
                with _errors_of_writing(key):
                    os.fsync(descriptor)
            with _errors_of_writing(key):
                self._move(part, folders, name)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=self._parts)

    def create_upload(self, key: str) -> str:
        """See `PartsStore.create_upload`: an empty file beside the others."""
        _segments(key)
        upload_id = uuid.uuid4().hex
        with _errors_of_writing(key):
            os.close(os.open(f"{_UPLOAD}{upload_id}", _NEW_FILE, 0o666, dir_fd=self._parts))
        return upload_id

    def write_part(
        self,
        key: str,
        upload_id: str,
        part_number: int,  # noqa: ARG002
        content: ByteSource,
        *,
        start: int,
        length: int,
    ) -> str:
        """See `PartsStore.write_part`. Parts lie at their places in one file."""
        try:
            descriptor = os.open(f"{_UPLOAD}{upload_id}", _OLD_FILE, dir_fd=self._parts)
        except FileNotFoundError as error:
            raise InvalidRequest(f"No such upload of {key!r}.") from error
        with io.FileIO(descriptor, "wb") as file:
            file.seek(start)
            while length and (chunk := content.read(min(CHUNK_BYTES, length))):
                length -= len(chunk)
                with _errors_of_writing(key):
                    _write_all(file, chunk)
            with _errors_of_writing(key):
                os.fsync(descriptor)
        return ""

    def complete_upload(self, key: str, upload_id: str, etags: dict[int, str]) -> None:  # noqa: ARG002
        """See `PartsStore.complete_upload`."""
        *folders, name = _segments(key)
        part = f"{_UPLOAD}{upload_id}"
        try:
            os.stat(part, dir_fd=self._parts, follow_symlinks=False)
        except FileNotFoundError as error:
            raise InvalidRequest(f"No such upload of {key!r}.") from error
        with _errors_of_writing(key):
            self._move(part, folders, name)

    def abort_upload(self, key: str, upload_id: str) -> None:  # noqa: ARG002
        """See `PartsStore.abort_upload`."""
        with suppress(FileNotFoundError):
            os.unlink(f"{_UPLOAD}{upload_id}", dir_fd=self._parts)

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> ArtifactReader:
        """See `ArtifactStore.open`."""
        file = self._open(key)
        file.seek(start)
        return _FileReader(file, _stat_of(file), start, length)

    def stat(self, key: str) -> ArtifactStat:
        """See `ArtifactStore.stat`."""
        with self._open(key) as file:
            return _stat_of(file)

    def list(self, folder: str) -> list[ArtifactEntry]:
        """See `ArtifactStore.list`. Symbolic links, pipes and devices are left out."""
        entries = []
        try:
            with (
                self._folder(_segments(folder) if folder else []) as descriptor,
                os.scandir(descriptor) as found,
            ):
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        entries.append(ArtifactEntry(name=entry.name, size_bytes=None))
                    elif entry.is_file(follow_symlinks=False):
                        size_bytes = entry.stat(follow_symlinks=False).st_size
                        entries.append(ArtifactEntry(name=entry.name, size_bytes=size_bytes))
        except OSError as error:
            if error.errno in _MISSING:
                return []
            raise Unavailable(f"The folder {folder!r} cannot be read.") from error
        hidden = "" if folder else _PARTS
        return sorted((e for e in entries if e.name != hidden), key=lambda entry: entry.name)

    def delete(self, key: str) -> None:
        """See `ArtifactStore.delete`. A folder vanishes at once, its space is freed one by one."""
        *folders, name = _segments(key)
        trash = uuid.uuid4().hex
        try:
            with self._folder(folders) as parent:
                if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                    os.rename(name, trash, src_dir_fd=parent, dst_dir_fd=self._parts)
                    shutil.rmtree(trash, dir_fd=self._parts)
                else:
                    os.unlink(name, dir_fd=parent)
            self._prune(folders)
        except OSError as error:
            if error.errno not in _MISSING:
                raise Unavailable(f"The artifact {key!r} cannot be deleted.") from error

    def _open(self, key: str) -> io.FileIO:
        *folders, name = _segments(key)
        try:
            with self._folder(folders) as parent:
                descriptor = os.open(name, _FILE, dir_fd=parent)
        except OSError as error:
            if error.errno in _MISSING:
                raise NotFound(f"No artifact {key!r}.") from error
            raise Unavailable(f"The artifact {key!r} cannot be read.") from error
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            return io.FileIO(descriptor, "rb")
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise InvalidRequest(f"The artifact {key!r} is a folder.")
        raise NotFound(f"No artifact {key!r}.")

    def _move(self, part: str, folders: Sequence[str], name: str) -> None:
        """Give the finished part its name, in a folder that others may be deleting meanwhile."""
        for attempt in range(_MOVES):
            try:
                with self._folder(folders, create=True) as parent:
                    os.rename(part, name, src_dir_fd=self._parts, dst_dir_fd=parent)
            except FileNotFoundError:
                if attempt == _MOVES - 1:
                    raise
            else:
                return

    def _prune(self, folders: Sequence[str]) -> None:
        """Remove the folders that a deletion left empty: a folder is there while files are below it."""
        for depth in range(len(folders), 0, -1):
            try:
                with self._folder(folders[: depth - 1]) as parent:
                    os.rmdir(folders[depth - 1], dir_fd=parent)
            except OSError:  # not empty, or somebody else was faster
                return

    @contextmanager
    def _folder(self, segments: Sequence[str], *, create: bool = False) -> Iterator[int]:
        """Descriptor of a folder below the root, reached without following a link."""
        current = os.dup(self._root)
        try:
            for segment in segments:
                if create:
                    with suppress(FileExistsError):
                        os.mkdir(segment, dir_fd=current)
                below = os.open(segment, _FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current
        finally:
            os.close(current)

    def _sweep(self) -> None:
        """Remove what killed processes left half-written or half-deleted more than a day ago.

        Uploads in parts that nobody goes on with are forgotten by a job of the server; what it does not know
        of, since its database is another one now, goes after a month.
        """
        now_s = time.time()
        with os.scandir(self._parts) as found:
            stale = [e for e in found if e.stat(follow_symlinks=False).st_mtime < now_s - _kept_s(e.name)]
        for entry in stale:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.name, dir_fd=self._parts, ignore_errors=True)
            else:
                with suppress(FileNotFoundError):
                    os.unlink(entry.name, dir_fd=self._parts)


class _FileReader(ArtifactReader):
    def __init__(self, file: io.FileIO, stat: ArtifactStat, start: int, length: int | None) -> None:
        self.stat = stat
        self._file = file
        rest = max(stat.size_bytes - start, 0)
        self._left = rest if length is None else min(length, rest)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        n_read = self._file.readinto(memoryview(buffer)[: self._left])
        self._left -= n_read
        return n_read

    def close(self) -> None:
        self._file.close()
        super().close()


def open_store(uri: Uri, options: StoreOptions) -> FileStore:  # noqa: ARG001
    """The folder that a plain path or a `file:` URI names."""
    if uri.authority not in (None, "", "localhost"):
        raise InvalidSetting(f"{uri} is not on this machine.")
    return FileStore(Path(unquote(uri.path)))


def _kept_s(part: str) -> float:
    return _STALE_UPLOAD_S if part.startswith(_UPLOAD) else _STALE_S


def _segments(key: str) -> list[str]:
    segments = checked_name(key).split("/")
    if segments[0] == _PARTS:
        raise InvalidRequest(f"Invalid path {key!r}: {_PARTS!r} is the store's own.")
    return segments


def _stat_of(file: io.FileIO) -> ArtifactStat:
    found = os.fstat(file.fileno())
    return ArtifactStat(
        size_bytes=found.st_size,
        etag=f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}",
        modified_ms=found.st_mtime_ns // 1_000_000,
    )


def _write_all(file: io.FileIO, chunk: bytes) -> None:
    """Write a chunk; the kernel may take less of it than it was given, for one when the disk is full."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


@contextmanager
def _errors_of_writing(key: str) -> Iterator[None]:
    try:
        yield
    except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise InvalidRequest(f"The artifact {key!r} would be a file and a folder at once.") from error
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"No space is left for the artifact {key!r} on the server. Nothing of it was kept."
            ) from error
        raise Unavailable(f"The artifact {key!r} cannot be written.") from error
