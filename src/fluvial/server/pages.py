"""The built web app, and the few plain-text pages."""

from __future__ import annotations

import functools
import gzip
import json
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from fluvial.errors import EndpointNotFound
from fluvial.server.door import CONTENT_SECURITY_POLICY, FRAME_POLICY
from fluvial.server.streams import ANY_PATH, StreamCall, stream
from fluvial.services.context import Permission
from fluvial.wire.openapi import OPENAPI_PATH, openapi_document

WEB_APP = Path(__file__).parent / "webapp"
# The version of MLflow whose protocol is spoken; its client decides by this number what it may send.
SPOKEN_MLFLOW_VERSION = "3.17.2"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Holds the pages that runs logged; see web/src/features/artifacts.
_FRAME = "figure-frame.html"
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>fluvial</title>
<h1>fluvial is running</h1>
<p>The web app is not part of this installation. In a checkout, <code>make setup</code> builds it.</p>
"""


@stream("GET", path="/health", needs=Permission.NONE)
async def health(call: StreamCall) -> Response:
    """Says OK while the server answers."""
    del call
    return PlainTextResponse("OK")


@stream("GET", path="/version", needs=Permission.NONE)
async def version(call: StreamCall) -> Response:
    """The version of MLflow whose protocol is spoken, as its client wants it."""
    del call
    return PlainTextResponse(SPOKEN_MLFLOW_VERSION)


@stream("GET", path=OPENAPI_PATH, needs=Permission.NONE)
async def openapi(call: StreamCall) -> Response:
    """The REST API as an OpenAPI document."""
    del call
    return Response(_openapi(), media_type="application/json")


@stream("GET", path="/", needs=Permission.NONE)
async def index(call: StreamCall) -> Response:
    """The web app's page."""
    if not (WEB_APP / "index.html").is_file():
        return HTMLResponse(_NOT_BUILT, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})
    return _file(call, "index.html", "no-cache")


@stream("GET", path=ANY_PATH, needs=Permission.NONE)
async def asset(call: StreamCall) -> Response:
    """A file of the web app.

    Raises:
        EndpointNotFound: There is no such file.
    """
    name = call.request.path_params["name"]
    if name not in _assets():
        raise EndpointNotFound(f"There is nothing at /{name[:200]}.")
    return _file(call, name, _FOREVER if name.startswith("assets/") else "no-cache")


@functools.cache
def _assets() -> frozenset[str]:
    """The names that may be asked for: no request reaches another file."""
    files = (file for file in WEB_APP.rglob("*") if file.is_file())
    names = frozenset(str(file.relative_to(WEB_APP)) for file in files)
    # Large ones are there in their compressed form alone.
    return names | {name.removesuffix(".gz") for name in names}


@functools.cache
def _openapi() -> bytes:
    return json.dumps(openapi_document()).encode()


def _file(call: StreamCall, name: str, cache_control: str) -> Response:
    headers = {
        "Cache-Control": cache_control,
        "Content-Security-Policy": FRAME_POLICY if name == _FRAME else CONTENT_SECURITY_POLICY,
        "Vary": "Accept-Encoding",
    }
    path = WEB_APP / name
    media_type = _TYPES.get(path.suffix, "application/octet-stream")
    if "gzip" in call.request.headers.get("accept-encoding", "") and f"{name}.gz" in _assets():
        path = path.with_name(f"{path.name}.gz")
        headers["Content-Encoding"] = "gzip"
    if not path.is_file():
        plain = gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())
        return Response(plain, headers=headers, media_type=media_type)
    return FileResponse(path, headers=headers, media_type=media_type)
