"""Uploads that go on where they broke off: a large file in parts, each acknowledged once it is kept.

    POST begin   says which file comes; the answer says which parts of it are there already
    PUT parts    the bytes of one part, with their SHA-256 (`Content-Digest`), in any order, at any time
    POST finish  makes the file of the parts: it is there whole, or not at all

An upload is known by what it is: run or model, path, size and content. Nothing has to be remembered to go
on with one, by another process or through another server either. What nobody goes on with for a week is
forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from fluvial.wire.artifacts import MAX_PARTS
from fluvial.wire.endpoint import Message

BEGIN_PATH = "/api/1.0/fluvial/uploads/begin"
PARTS_PATH = "/api/1.0/fluvial/uploads/parts"
FINISH_PATH = "/api/1.0/fluvial/uploads/finish"
PART_DIGEST = "Content-Digest"

RESUMABLE_FROM_BYTES = 16 << 20  # smaller files are sent in one piece
MAX_UPLOAD_BYTES = 5 << 40  # the largest object of S3
_MIN_PART_BYTES = 8 << 20
_MIB = 1 << 20


def part_bytes(size_bytes: int) -> int:
    """Length of the parts of a file, but of the last: both sides know it."""
    return max(_MIN_PART_BYTES, -(-size_bytes // (MAX_PARTS * _MIB)) * _MIB)


def count_parts(size_bytes: int) -> int:
    """How many parts a file has."""
    return max(-(-size_bytes // part_bytes(size_bytes)), 1)


def length_of_part(size_bytes: int, number: int) -> int:
    """Length of one part; they count from 1."""
    whole = part_bytes(size_bytes)
    return min(whole, size_bytes - (number - 1) * whole)


def digest_of_parts(sha256s: Iterable[bytes]) -> str:
    """What vouches for the whole file: the SHA-256 of the SHA-256 of each part, in their order; hex."""
    return hashlib.sha256(b"".join(sha256s)).hexdigest()


class BeginUpload(Message, frozen=True, kw_only=True):
    """Begin, or go on with, the upload of a file.

    Attributes:
        run_id: The run, or the logged model.
        path: Name of the artifact.
        size_bytes: Length of the file.
        digest: See `digest_of_parts`.
    """

    run_id: str
    path: str
    size_bytes: int
    digest: str


class UploadState(Message, frozen=True, kw_only=True):
    """How far an upload is.

    Attributes:
        upload_id: Names it in what follows.
        parts: Numbers of the parts that are there.
        is_finished: The file is there: nothing follows.
    """

    upload_id: str
    parts: tuple[int, ...] = ()
    is_finished: bool = False


class FinishUpload(Message, frozen=True, kw_only=True):
    """Make the file of the parts; the second time nothing happens."""

    run_id: str
    upload_id: str
