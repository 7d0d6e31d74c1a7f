"""Pages for those who run the server: is it alive, is it ready, how does it do."""

from __future__ import annotations

import msgspec
from starlette.responses import PlainTextResponse, Response

from fluvial.errors import EndpointNotFound
from fluvial.server.metrics import CONTENT_TYPE
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission


@stream("GET", path="/livez", needs=Permission.NONE)
async def liveness(call: StreamCall) -> Response:
    """OK while the process answers; only a restart helps one that does not."""
    del call
    return PlainTextResponse("OK")


@stream("GET", path="/readyz", needs=Permission.NONE)
async def readiness(call: StreamCall) -> Response:
    """200 while requests should come here, 503 while they should not, with the reason."""
    found = await call.examiner.examine()
    headers = {"Cache-Control": "no-store"}
    return Response(
        msgspec.json.encode(found), 200 if found.is_ready else 503, headers, media_type="application/json"
    )


@stream("GET", path="/metrics", needs=Permission.NONE)
async def metrics(call: StreamCall) -> Response:
    """The server's numbers for Prometheus.

    Raises:
        EndpointNotFound: The server was told not to.
    """
    if not call.settings.metrics:
        raise EndpointNotFound("This server serves no /metrics (FLUVIAL_METRICS).")
    return Response(call.metrics.text(), media_type=CONTENT_TYPE)
