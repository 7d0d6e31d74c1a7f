"""Every point of one metric as columns: a million of them in a fraction of a second."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fluvial.errors import InvalidRequest
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.metrics import read_columns
from fluvial.wire.metrics import POINTS_PATH


@stream("GET", path=POINTS_PATH, needs=Permission.READ)
async def read_points(call: StreamCall) -> Response:
    """Little-endian: u64 n, then n int64 steps, n int64 timestamps (ms), n float64 values, by step."""
    query = call.request.query_params
    run_id, key = query.get("run_id"), query.get("metric_key")
    if not run_id or not key:
        raise InvalidRequest("The request lacks 'run_id' or 'metric_key'.")

    body = await run_in_threadpool(
        call.platform.read_with,
        Permission.READ,
        call.principal,
        lambda context: read_columns(context, run_id, key),
    )
    return Response(body, media_type="application/octet-stream")
