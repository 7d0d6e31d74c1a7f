"""Charts of many series of many runs in one binary answer."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fluvial.server.request_body import read_json
from fluvial.server.streams import StreamCall, stream
from fluvial.services.charts import read_chart
from fluvial.services.context import Permission
from fluvial.wire import codec
from fluvial.wire.charts import CHARTS_PATH, MEDIA_TYPE, GetMetricChart


@stream("POST", path=CHARTS_PATH, needs=Permission.READ)
async def answer_chart(call: StreamCall) -> Response:
    """The buckets of some series as an Arrow IPC stream; the request is JSON."""
    with call.load.admit() as share:
        request = codec.decode(GetMetricChart, await read_json(call.request, share))
        codec.check_texts(request)
        body = await run_in_threadpool(
            call.platform.read_with,
            Permission.READ,
            call.principal,
            lambda context: read_chart(context, request),
        )
    return Response(body, media_type=MEDIA_TYPE)
