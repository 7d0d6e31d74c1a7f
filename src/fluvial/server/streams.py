"""What does not fit message-in, message-out: bytes, events, pages.

A module of this package serves a stream by decorating a function with `stream`, which names the
permission it needs. The modules are listed once, in `STREAM_MODULES`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from fluvial.errors import RequestError
from fluvial.server.config import ServerSettings
from fluvial.server.load import Load
from fluvial.server.metrics import Metrics
from fluvial.server.readiness import Examiner
from fluvial.services.context import Permission, Principal
from fluvial.services.platform import Platform

STREAM_MODULES = (
    "artifact_streams",
    "chart_stream",
    "event_stream",
    "evidence_stream",
    "journal_stream",
    "model_streams",
    "pages",
    "point_stream",
    "run_values_stream",
    "sql_stream",
    "upload_streams",
    "view_stream",
    "vitals",
    "webhook_stream",
)

# Answers where nothing else does: the files of the web app.
ANY_PATH = "/{name:path}"

_streams: list[Stream] = []


class StreamCall(Struct, frozen=True):
    """One request for a stream.

    Attributes:
        request: What came; its body has not been read.
        platform: Carries out what the stream needs.
        principal: Who asks; has the permission that the stream needs.
        settings: What the server was told at its start.
        load: What the server has taken on.
        examiner: Finds out how the server is.
        metrics: The server's numbers.
    """

    request: Request
    platform: Platform
    principal: Principal
    settings: ServerSettings
    load: Load
    examiner: Examiner
    metrics: Metrics


Handler = Callable[[StreamCall], Awaitable[Response]]


class Stream(Struct, frozen=True):
    """One operation that is not message-in, message-out.

    Attributes:
        methods: HTTP methods.
        path: With `{name}` for a segment and `{name:path}` for the rest.
        handler: Answers it.
        needs: The permission that a caller must have.
    """

    methods: tuple[str, ...]
    path: str
    handler: Handler
    needs: Permission


def stream(*methods: str, path: str, needs: Permission) -> Callable[[Handler], Handler]:
    """Serve a stream at a path, and at its `/ajax-api` twin where it is below `/api`."""

    def bind(handler: Handler) -> Handler:
        paths = [path]
        if path.startswith("/api/"):
            paths.append(path.replace("/api/", "/ajax-api/", 1))
        _streams.extend(Stream(methods, each, handler, needs) for each in paths)
        return handler

    return bind


@functools.cache
def streams() -> tuple[Stream, ...]:
    """Every stream; a page that takes any path comes last."""
    for name in STREAM_MODULES:
        importlib.import_module(f"fluvial.server.{name}")
    return tuple(sorted(_streams, key=lambda each: "{" in each.path))


def error_body(error: RequestError) -> dict[str, object]:
    """An error as its answer's JSON."""
    body: dict[str, object] = {"error_code": error.code, "message": error.message}
    if error.details:
        body["details"] = error.details
    return body
