"""SQL of analysts over the views."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fluvial.server.request_body import read_small_body
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.sql import Limits, run_sql
from fluvial.wire import codec
from fluvial.wire.sql import ARROW_STREAM, SQL_PATH, RunSql


@stream("POST", path=SQL_PATH, needs=Permission.QUERY)
async def answer_query(call: StreamCall) -> Response:
    """The rows of one SELECT, as JSON or as an Arrow stream."""
    request = codec.decode(RunSql, await read_small_body(call.request, call.load))
    limits = Limits(
        time_s=call.settings.sql_time_s,
        memory_mb=call.settings.sql_memory_mb,
        max_rows=call.settings.sql_max_rows,
    )
    body = await run_in_threadpool(run_sql, call.platform, call.principal, request, limits)
    return Response(body, media_type=ARROW_STREAM if request.format == "arrow" else "application/json")
