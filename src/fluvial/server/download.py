"""A file of an artifact store as the answer to a request: ranges, versions, and headers that disarm it.

Whatever an artifact holds, a browser must not run it with the rights of the web app: it is saved, not
shown, and if it is shown it is sandboxed; its type is guessed from its name, never taken from a caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from mimetypes import MimeTypes
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from fluvial.artifacts import CHUNK_BYTES, ArtifactReader, ArtifactStat, ArtifactStore
from fluvial.errors import Unavailable
from fluvial.server.byte_ranges import (
    ByteRange,
    UnsatisfiableRange,
    is_known,
    requested_range,
)
from fluvial.wire.artifacts import DIGEST, DIGESTED_BYTES, digest_field, wants_digest

_DISARMED = {
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    "content-security-policy": "sandbox",
}
# Only the types that Python knows by itself: the machine's own lists would make answers differ.
_TYPES = MimeTypes(filenames=())
_TEXT_SUFFIXES = (
    ".cfg", ".conf", ".diff", ".ini", ".jsonl", ".log", ".md", ".markdown", ".patch", ".rst",
    ".sql", ".toml", ".yaml", ".yml",
)  # fmt: skip
_TEXT_NAMES = {"MLmodel", "MLproject", "Dockerfile", "Makefile", "LICENSE", "README"}


async def download(request: Request, store: ArtifactStore, key: str, limiter: CapacityLimiter) -> Response:
    """The file, or the part of it that the request wants, unless the caller has it already.

    Raises:
        NotFound: No such file.
        InvalidRequest: It is a folder.
        Unavailable: It was replaced in this moment, or the store is away.
    """
    stat = await to_thread.run_sync(store.stat, key, limiter=limiter)
    headers = _DISARMED | {
        "etag": f'"{stat.etag}"',
        "content-type": content_type(key),
        "content-disposition": _disposition(key),
    }
    if is_known(request.headers, stat.etag):
        return Response(status_code=304, headers=headers)
    try:
        part = requested_range(request.headers, size_bytes=stat.size_bytes, etag=stat.etag)
    except UnsatisfiableRange:
        headers["content-range"] = f"bytes */{stat.size_bytes}"
        return Response(status_code=416, headers=headers)
    headers["content-length"] = str(part.length if part else stat.size_bytes)
    if part:
        headers["content-range"] = part.content_range(stat.size_bytes)
    status = 206 if part else 200
    is_head = request.method == "HEAD"
    if wants_digest(request.headers) and (is_head or stat.size_bytes <= DIGESTED_BYTES):
        headers[DIGEST] = await to_thread.run_sync(_digest, store, key, stat, limiter=limiter)
    if is_head:
        return Response(status_code=status, headers=headers)
    reader = await to_thread.run_sync(_open, store, key, part, stat, limiter=limiter)
    return _ReaderResponse(reader, limiter, status_code=status, headers=headers)


def content_type(name: str) -> str:
    """The type of a file by its name; `application/octet-stream` where the name does not say."""
    base = name.rpartition("/")[2]
    if base in _TEXT_NAMES or base.lower().endswith(_TEXT_SUFFIXES):
        return "text/plain; charset=utf-8"
    guessed, encoding = _TYPES.guess_type(f"x{base}")  # "x": `data:` would be read as a URL
    if guessed is None or encoding is not None:
        return "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def _open(store: ArtifactStore, key: str, part: ByteRange | None, stat: ArtifactStat) -> ArtifactReader:
    reader = store.open(key, start=part.start, length=part.length) if part else store.open(key)
    if reader.stat.etag != stat.etag:
        reader.close()
        raise Unavailable(f"The artifact {key!r} was replaced in this moment: ask again.")
    return reader


def _digest(store: ArtifactStore, key: str, stat: ArtifactStat) -> str:
    sha256 = hashlib.sha256()
    with _open(store, key, None, stat) as reader:
        while chunk := reader.read(CHUNK_BYTES):
            sha256.update(chunk)
    return digest_field(sha256.digest())


def _disposition(key: str) -> str:
    name = key.rpartition("/")[2]
    quoted = quote(name, safe="")
    if quoted == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename*=UTF-8''{quoted}"


class _ReaderResponse(StreamingResponse):
    """Sends what a reader holds, as fast as it is taken, and closes it."""

    def __init__(
        self,
        reader: ArtifactReader,
        limiter: CapacityLimiter,
        *,
        status_code: int,
        headers: dict[str, str],
    ) -> None:
        super().__init__(self._iter_chunks(), status_code=status_code, headers=headers)
        self._reader = reader
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; also a response that never begins lets go of its file."""
        with self._reader:
            await super().__call__(scope, receive, send)

    async def _iter_chunks(self) -> AsyncIterator[bytes]:
        while chunk := await to_thread.run_sync(self._reader.read, CHUNK_BYTES, limiter=self._limiter):
            yield chunk
