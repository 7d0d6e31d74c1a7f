"""Size and SHA-256 of files, taken while they are read or written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

CHUNK_BYTES = 1 << 20

# Told how many bytes more have gone their way; a negative number where some have to go it again.
OnBytes = Callable[[int], object]


class FileDigest(Struct, frozen=True, array_like=True):
    """What a file holds, for comparing.

    Attributes:
        size_bytes: Its length.
        sha256: Of its content, 64 hex characters.
    """

    size_bytes: int
    sha256: str


class Readable(Protocol):
    """An open file."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; b"" is the end."""


class DigestedReader:
    """A file whose digest is taken as it is read.

    Args:
        file: Where it is read from.
        on_bytes: Told of what was read.
    """

    def __init__(self, file: Readable, on_bytes: OnBytes | None = None) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._on_bytes = on_bytes
        self._n_read = 0

    def read(self, size: int = CHUNK_BYTES, /) -> bytes:
        """Some bytes of it."""
        piece = self._file.read(CHUNK_BYTES if size < 0 else size)
        self._sha256.update(piece)
        self._n_read += len(piece)
        if piece and self._on_bytes is not None:
            self._on_bytes(len(piece))
        return piece

    @property
    def digest(self) -> FileDigest:
        """Of what was read so far."""
        return FileDigest(self._n_read, self._sha256.hexdigest())


def digest_of(file: Readable) -> FileDigest:
    """Of the rest of an open file."""
    reader = DigestedReader(file)
    while reader.read():
        pass
    return reader.digest


class SentBytes:
    """Counts bytes, so that they can be taken back.

    Args:
        on_bytes: Told of them.
    """

    def __init__(self, on_bytes: OnBytes | None) -> None:
        self._on_bytes = on_bytes
        self._n = 0

    def __call__(self, n_bytes: int) -> None:
        """So many more."""
        self._n += n_bytes
        if self._on_bytes is not None:
            self._on_bytes(n_bytes)

    def undo(self) -> None:
        """Take all of them back."""
        self(-self._n)
