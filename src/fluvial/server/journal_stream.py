"""Slices of client journals, the fast way in."""

from __future__ import annotations

import asyncio
import zlib

from starlette.responses import Response

from fluvial.errors import InvalidRequest, TooLarge
from fluvial.server.request_body import whole_body
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.wire import codec
from fluvial.wire.journal import INGEST_PATH, MAX_SLICE_BYTES


@stream("POST", path=INGEST_PATH, needs=Permission.EDIT)
async def take_slice(call: StreamCall) -> Response:
    """Apply a slice; answers how far the journal has come and what was refused."""
    with call.load.admit() as share:
        body = await whole_body(call.request, MAX_SLICE_BYTES, share)
        encoding = call.request.headers.get("content-encoding", "identity")
        plain = _inflated(bytes(body), encoding)
        share.hold(len(plain) - len(body))
        del body
        answer = await asyncio.wrap_future(call.platform.ingest(plain, call.principal))
    return Response(codec.encode(answer), media_type="application/json")


def _inflated(body: bytes, encoding: str) -> bytes:
    if encoding == "identity":
        return body
    if encoding != "deflate":
        raise InvalidRequest(f"Content-Encoding is deflate or identity, not {encoding[:40]!r}.")
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(body, MAX_SLICE_BYTES)
    except zlib.error as error:
        raise InvalidRequest(f"The body is not in the form that Content-Encoding says: {error}.") from error
    if inflater.unconsumed_tail:
        raise TooLarge(f"A slice of a journal has at most {MAX_SLICE_BYTES} bytes: send less at a time.")
    if not inflater.eof:
        raise InvalidRequest("The compressed body is cut off.")
    return plain
