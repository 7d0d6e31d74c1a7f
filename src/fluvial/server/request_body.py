"""The body of a request, read by a worker thread in bounded memory."""

from __future__ import annotations

import asyncio
import hashlib

from starlette.requests import Request

from fluvial.errors import InvalidRequest, TooLarge
from fluvial.server.load import Load, Share
from fluvial.wire.artifacts import wants_digest

MAX_SMALL_BYTES = 16 << 20  # a message of 10,000 parts with their URLs
MAX_JSON_BYTES = 64 * 1024 * 1024
JSON_METHODS = ("POST", "PUT")
_GATHERED_BYTES = 1 << 20  # crossing from the event loop to the thread costs some 100 µs each time


class RequestBody:
    """What a request sends, for a worker thread to read from front to back.

    The body is received only as fast as it is read: a slow disk slows the sender down.

    Args:
        request: Its body must not have been read.
        max_bytes: More than this is refused; None for no bound but the store's.

    Attributes:
        sha256: Of what was read so far; None unless the request asks for its digest.

    Raises:
        InvalidRequest: `Content-Length` is no number.
        TooLarge: `Content-Length` is over the bound.
    """

    def __init__(self, request: Request, *, max_bytes: int | None = None) -> None:
        self.size_bytes = content_length(request)
        self.sha256 = hashlib.sha256() if wants_digest(request.headers) else None
        self._chunks = request.stream()
        self._loop = asyncio.get_running_loop()
        self._max_bytes = max_bytes
        self._n_received = 0
        self._gathered = memoryview(b"")
        self._check(self.size_bytes or 0)

    def read(self, size: int, /) -> bytes:
        """The next 1 to `size` bytes; b"" is the end. Not for the event loop's own thread.

        Raises:
            TooLarge: More came than allowed.
            ClientDisconnect: The sender went away before the end.
        """
        if not self._gathered:
            arriving = asyncio.run_coroutine_threadsafe(self._gather(), self._loop)
            self._gathered = memoryview(arriving.result())
        taken = bytes(self._gathered[:size])
        self._gathered = self._gathered[size:]
        if self.sha256 is not None:
            self.sha256.update(taken)
        return taken

    async def _gather(self) -> bytes:
        gathered = bytearray()
        async for chunk in self._chunks:
            gathered += chunk
            self._n_received += len(chunk)
            self._check(self._n_received)
            if len(gathered) >= _GATHERED_BYTES:
                break
        return bytes(gathered)

    def _check(self, n_bytes: int) -> None:
        if self._max_bytes is not None:
            _check_size(n_bytes, self._max_bytes)


async def whole_body(request: Request, max_bytes: int, share: Share) -> bytearray:
    """All of a body that is kept in memory.

    Raises:
        TooLarge: It has more bytes than allowed.
        TooManyRequests: The server holds as much as it can.
        ClientDisconnect: The sender went away before the end.
    """
    length = content_length(request)
    if length is not None:
        _check_size(length, max_bytes)
        share.hold(length)
    body = bytearray()
    async for chunk in request.stream():
        if length is None:
            share.hold(len(chunk))
        body += chunk
        _check_size(len(body), max_bytes)
    return body


def _check_size(n_bytes: int, max_bytes: int) -> None:
    if n_bytes > max_bytes:
        raise TooLarge(f"The body has at most {max_bytes} bytes: send less at a time.")


async def read_small_body(request: Request, load: Load) -> bytes:
    """All of a body that is a message.

    Raises:
        TooLarge: It has more than 16 MiB.
        TooManyRequests: The server holds as much as it can.
    """
    with load.admit() as share:
        return bytes(await whole_body(request, MAX_SMALL_BYTES, share))


def content_length(request: Request) -> int | None:
    """How many bytes the body has, where the request says so.

    Raises:
        InvalidRequest: It is no number.
    """
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidRequest(f"Content-Length is a number of bytes, not {text[:40]!r}.")
    return int(text)


async def read_json(request: Request, share: Share) -> bytes:
    """The body of a request that sends JSON.

    Raises:
        InvalidRequest: It says that it is something else.
        TooLarge: It has more than MAX_JSON_BYTES.
        TooManyRequests: The server holds as much as it can.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in JSON_METHODS and kind != "application/json":
        raise InvalidRequest(f"Content-Type is application/json, not {kind[:60] or 'nothing'!r}.")
    return bytes(await whole_body(request, MAX_JSON_BYTES, share))
