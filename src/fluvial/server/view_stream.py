"""A page of a view, as columns: what `fluvial export` reads."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fluvial.server.request_body import read_small_body
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.views import read_view
from fluvial.wire import codec
from fluvial.wire.views import MSGPACK, VIEWS_PATH, ReadView, encode_page


@stream("POST", path=VIEWS_PATH, needs=Permission.READ)
async def read(call: StreamCall) -> Response:
    """MessagePack, laid out in wire/views.py."""
    request = codec.decode(ReadView, await read_small_body(call.request, call.load))

    def work() -> bytes:
        return encode_page(
            call.platform.read_with(
                Permission.READ, call.principal, lambda context: read_view(context, request)
            )
        )

    return Response(await run_in_threadpool(work), media_type=MSGPACK)
