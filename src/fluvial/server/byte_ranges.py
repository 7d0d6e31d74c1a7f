"""Which bytes of a file a request wants, and whether it has them already (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

_RANGE = re.compile(r"bytes=\s*(?:(\d{1,18})\s*-\s*(\d{1,18})?|-\s*(\d{1,18}))\s*")


class ByteRange(Struct, frozen=True):
    """Part of a file, not empty.

    Attributes:
        start: First byte, from 0.
        length: How many.
    """

    start: int
    length: int

    def content_range(self, size_bytes: int) -> str:
        """The header of an answer that holds this part."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size_bytes}"


class UnsatisfiableRange(Exception):
    """The range lies outside of the file."""


def is_known(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the caller has this version: one of its `If-None-Match` is the ETag, or `*`."""
    wanted = headers.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")}
    return etag in known or wanted.strip() == "*"


def requested_range(headers: Mapping[str, str], *, size_bytes: int, etag: str) -> ByteRange | None:
    """The part that is wanted; None for all of the file.

    What cannot be understood, several ranges at once, and ranges of another version (`If-Range`)
    count as a request for all, as the RFC has it.

    Raises:
        UnsatisfiableRange: There are no such bytes.
    """
    match = _RANGE.fullmatch(headers.get("range", ""))
    if match is None or headers.get("if-range", f'"{etag}"').strip() != f'"{etag}"':
        return None
    first, last, suffix = (None if group is None else int(group) for group in match.groups())
    if first is None:
        start, end = max(size_bytes - (suffix or 0), 0), size_bytes
    else:
        if last is not None and last < first:
            return None
        start, end = first, size_bytes if last is None else min(last + 1, size_bytes)
    if start >= end:
        raise UnsatisfiableRange
    return ByteRange(start, end - start)
