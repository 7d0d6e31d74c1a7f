"""Columns of numbers as bytes: each in the narrowest form that loses nothing, all compressed together.

    u8 version | u8 number of columns | u32 rows | payload, compressed with zstd
    payload: u8 form, i64 a, i64 b for each column, then the arrays of the columns that have one

Integers are kept as their differences: where all are equal as (first, difference) alone, else as first,
least difference and what is above it in 1, 2, 4 or 8 bytes. Floats are kept as one value where all are the
same, as float32 where that is lossless, else as float64. Arrays are byte-shuffled: the first bytes of all
values, then the second bytes, and so on. All little-endian.
"""

from __future__ import annotations

import itertools
import struct
import sys
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Scalar = TypeVar("Scalar", bound=np.generic)

_HEADER = struct.Struct("<BBI")
_COLUMN = struct.Struct("<Bqq")
_VERSION: Final = 1
_LEVEL: Final = 3
_OWN_BLOCK: Final = 4096
_LINEAR: Final = 0
_FLOAT32: Final = 16
_FLOAT64: Final = 17
_CONSTANT: Final = 18
_FLOATS: Final[dict[int, np.dtype[Any]]] = {_FLOAT32: np.dtype("<f4"), _FLOAT64: np.dtype("<f8")}
# Form of integers by the bytes that a difference takes.
_DIFFERENCES: Final[dict[int, np.dtype[Any]]] = {
    1: np.dtype("<u1"),
    2: np.dtype("<u2"),
    4: np.dtype("<u4"),
    8: np.dtype("<i8"),
}


def pack_columns(columns: Sequence[NDArray[Any]]) -> bytes:
    """Columns of int64 or float64, all of one length, as bytes."""
    forms, arrays = [], []
    for column in columns:
        form, array = _floats(column) if column.dtype.kind == "f" else _integers(column)
        forms.append(form)
        arrays.append(array)
    compressor = zstd.ZstdCompressor(_LEVEL)
    # A block for each plane of bytes: they differ so much that one code for all of them costs 7 to 10 % more.
    blocks = [
        compressor.compress(
            plane, compressor.FLUSH_BLOCK if len(plane) >= _OWN_BLOCK else compressor.CONTINUE
        )
        for plane in (b"".join(forms), *itertools.chain.from_iterable(arrays))
    ]
    header = _HEADER.pack(_VERSION, len(columns), len(columns[0]))
    return b"".join((header, *blocks, compressor.flush()))


def unpack_columns(data: bytes) -> list[NDArray[Any]]:
    """The columns that were packed.

    Raises:
        ValueError: They were written by a newer version.
    """
    version, n_columns, n = _HEADER.unpack_from(data)
    if version != _VERSION:
        raise ValueError(f"Columns of version {version} cannot be read: upgrade fluvial.")
    payload = zstd.ZstdDecompressor().decompress(memoryview(data)[_HEADER.size :])
    position = n_columns * _COLUMN.size
    columns: list[NDArray[Any]] = []
    kind: np.dtype[Any]
    for index in range(n_columns):
        form, a, b = _COLUMN.unpack_from(payload, index * _COLUMN.size)
        if form == _LINEAR:
            columns.append(_line(a, b, n))
        elif form == _CONSTANT:
            columns.append(np.full(n, a, np.int64).view(np.float64))
        elif form in _FLOATS:
            kind = _FLOATS[form]
            columns.append(unshuffled(payload, position, kind, n).astype(np.float64, copy=False))
            position += n * kind.itemsize
        else:
            kind = _DIFFERENCES[form]
            column = np.empty(n, np.int64)
            column[0] = a
            column[1:] = unshuffled(payload, position, kind, n - 1)
            column[1:] += b
            columns.append(np.cumsum(column, out=column))
            position += (n - 1) * kind.itemsize
    return columns


def _integers(column: NDArray[Any]) -> tuple[bytes, list[bytes]]:
    first = int(column[0]) if len(column) else 0
    differences = column[1:] - column[:-1]  # wraps around where it must, and back in `unpack_columns`
    least = int(differences.min()) if len(differences) else 0
    greatest = int(differences.max()) if len(differences) else 0
    span = greatest - least
    if span == 0:
        return _COLUMN.pack(_LINEAR, first, least), []
    width = 1 if span < 1 << 8 else 2 if span < 1 << 16 else 4 if span < 1 << 32 else 8
    base = least if width < 8 else 0
    return _COLUMN.pack(width, first, base), _shuffled((differences - base).astype(_DIFFERENCES[width]))


def _floats(column: NDArray[Any]) -> tuple[bytes, list[bytes]]:
    bits = np.ascontiguousarray(column, np.float64).view(np.int64)
    if len(bits) and bool((bits == bits[0]).all()):
        return _COLUMN.pack(_CONSTANT, int(bits[0]), 0), []
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = column.astype(np.float32)
        is_lossless = bool((narrow.astype(np.float64).view(np.int64) == bits).all())
    if is_lossless:
        return _COLUMN.pack(_FLOAT32, 0, 0), _shuffled(narrow)
    return _COLUMN.pack(_FLOAT64, 0, 0), _shuffled(bits)


def _line(first: int, difference: int, n: int) -> NDArray[np.int64]:
    if difference == 0:
        return np.full(n, first, np.int64)
    with np.errstate(over="ignore"):
        return np.arange(n, dtype=np.int64) * np.int64(difference) + np.int64(first)


def _shuffled(column: NDArray[Any]) -> list[bytes]:
    """The planes of a column's bytes; low planes of floats, which are noise, as one."""
    n, width = len(column), column.itemsize
    planes = column.view(np.uint8).reshape(n, width).T.tobytes()
    bounds = range(width + 1) if width <= 2 else (0, width - 2, width - 1, width)
    return [planes[n * start : n * end] for start, end in itertools.pairwise(bounds)]


def unshuffled(payload: bytes | memoryview, position: int, kind: np.dtype[Scalar], n: int) -> NDArray[Scalar]:
    """The n values whose planes of bytes begin at a position."""
    raw = np.frombuffer(payload, np.uint8, n * kind.itemsize, position)
    if kind.itemsize > 1:
        raw = np.ascontiguousarray(raw.reshape(kind.itemsize, n).T)
    return raw.view(kind).reshape(n)
