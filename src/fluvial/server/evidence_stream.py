"""The evidence pack of a version as a file."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from fluvial.errors import InvalidRequest
from fluvial.server.store_threads import in_thread
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.evidence_pack import HTML, ZIP, pack

_TYPES = {ZIP: "application/zip", HTML: "text/html; charset=utf-8"}


@stream("GET", path="/api/1.0/fluvial/registry/evidence-pack", needs=Permission.READ)
async def get_evidence_pack(call: StreamCall) -> Response:
    """What an auditor asks about a version, as a zip (`format=zip`) or a page (`format=html`).

    Raises:
        NotFound: No such version.
        InvalidRequest: The query says too little, or another format.
    """
    given = call.request.query_params
    name, version, kind = given.get("name", ""), given.get("version", ""), given.get("format", ZIP)
    if not name or not version:
        raise InvalidRequest("The request lacks 'name' or 'version'.")
    body = await in_thread(
        call.platform.read_with,
        Permission.READ,
        call.principal,
        lambda context: pack(context, name, version, kind),
    )
    # Always a file: a page of our origin may hold what somebody wrote.
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}-{version}.{kind}', safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(body, headers=headers, media_type=_TYPES[kind])
