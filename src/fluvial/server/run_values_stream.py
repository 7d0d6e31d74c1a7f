"""Fields of many runs in one binary answer."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fluvial.server.request_body import read_json
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.run_values import read_run_values
from fluvial.wire import codec
from fluvial.wire.charts import MEDIA_TYPE
from fluvial.wire.run_values import RUN_VALUES_PATH, GetRunValues


@stream("POST", path=RUN_VALUES_PATH, needs=Permission.READ)
async def answer_run_values(call: StreamCall) -> Response:
    """The fields as an Arrow IPC stream; the request is JSON."""
    with call.load.admit() as share:
        request = codec.decode(GetRunValues, await read_json(call.request, share))
        codec.check_texts(request)
        body = await run_in_threadpool(
            call.platform.read_with,
            Permission.READ,
            call.principal,
            lambda context: read_run_values(context, request),
        )
    return Response(body, media_type=MEDIA_TYPE)
