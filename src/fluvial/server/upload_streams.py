"""Large files in parts over HTTP. What is allowed is in `services/uploads.py`."""

from __future__ import annotations

from starlette.responses import Response

from fluvial.errors import InvalidRequest, TooLarge
from fluvial.server.request_body import RequestBody, read_small_body
from fluvial.server.store_threads import in_thread, in_upload_thread
from fluvial.server.streams import StreamCall, stream
from fluvial.services import uploads
from fluvial.services.context import Permission
from fluvial.wire import codec
from fluvial.wire.artifacts import parse_digest_field
from fluvial.wire.endpoint import Empty, Message
from fluvial.wire.uploads import (
    BEGIN_PATH,
    FINISH_PATH,
    PART_DIGEST,
    PARTS_PATH,
    BeginUpload,
    FinishUpload,
)


@stream("POST", path=BEGIN_PATH, needs=Permission.EDIT)
async def begin_upload(call: StreamCall) -> Response:
    """Begin the upload of a file, or go on with it."""
    request = codec.decode(BeginUpload, await read_small_body(call.request, call.load))
    most = call.settings.max_artifact_bytes
    if most and request.size_bytes > most:
        raise TooLarge(f"A file has at most {most} bytes on this server (FLUVIAL_MAX_ARTIFACT_BYTES).")
    return _answer(await in_thread(uploads.begin, call.platform, call.principal, request))


@stream("PUT", path=PARTS_PATH, needs=Permission.EDIT)
async def put_part(call: StreamCall) -> Response:
    """Keep a part.

    Raises:
        InvalidRequest: It has another length, or the request does not say its digest.
    """
    part = _part(call)
    sha256 = parse_digest_field(call.request.headers.get(PART_DIGEST, ""))
    if sha256 is None:
        raise InvalidRequest(f"The request lacks {PART_DIGEST}: sha-256=:…:, the digest of the part.")
    length = await in_thread(uploads.length_of, call.platform, call.principal, *part)
    body = RequestBody(call.request, max_bytes=length)
    if body.size_bytes != length:
        raise InvalidRequest(f"Part {part[2]} has {length} bytes; Content-Length says {body.size_bytes}.")
    await in_upload_thread(uploads.keep_part, call.platform, call.principal, part, body, sha256)
    return _answer(Empty())


@stream("POST", path=FINISH_PATH, needs=Permission.EDIT)
async def finish_upload(call: StreamCall) -> Response:
    """Make the file of the parts."""
    request = codec.decode(FinishUpload, await read_small_body(call.request, call.load))
    await in_thread(uploads.finish, call.platform, call.principal, request)
    return _answer(Empty())


def _part(call: StreamCall) -> tuple[str, str, int]:
    """The run, the upload and the number of the part that a request is about."""
    query = call.request.query_params
    number = query.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InvalidRequest(f"'number' is that of a part, from 1; not {number[:40]!r}.")
    return query.get("run_id", ""), query.get("upload_id", ""), int(number)


def _answer(message: Message) -> Response:
    return Response(codec.encode(message), media_type="application/json")
