"""The ASGI app: check at the door, find the endpoint or the stream, decode, dispatch, encode."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
import math
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope, Send

from fluvial.errors import (
    EndpointNotFound,
    InternalError,
    InvalidRequest,
    MethodNotAllowed,
    PermissionDenied,
    RequestError,
    Unavailable,
)
from fluvial.server.background import Background
from fluvial.server.claimed_name import claimed_name
from fluvial.server.config import ServerSettings
from fluvial.server.door import Door
from fluvial.server.draining import Draining
from fluvial.server.load import Load
from fluvial.server.metrics import Metrics
from fluvial.server.readiness import Examiner
from fluvial.server.request_body import read_json
from fluvial.server.request_log import access_log, log_request, request_id, take_request_id
from fluvial.server.streams import ANY_PATH, Stream, StreamCall, error_body, streams
from fluvial.server.waiting import Waiting
from fluvial.services.context import Permission, Principal
from fluvial.services.platform import Platform, somebody
from fluvial.services.routes import Route, routes
from fluvial.store.database import READ_LIMIT_S
from fluvial.wire import codec

READER_THREADS = 4
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
COME_AGAIN = (429, 503)
COME_AGAIN_S = 2
REFRESH_S = 1.0
UNKNOWN = "unknown"
OWN_ARTIFACTS = "/api/2.0/mlflow-artifacts/"

_log = logging.getLogger(__name__)


class App:
    """The server as an ASGI app.

    Args:
        platform: What the app serves; closed when the server stops.
        settings: What the server was told.
    """

    def __init__(self, platform: Platform, settings: ServerSettings) -> None:
        self.platform = platform
        self._settings = settings
        self._door = Door(
            settings.allowed_hosts,
            settings.cors_allowed_origins,
            is_open=settings.disable_security_middleware,
        )
        self._calls: dict[str, dict[str, Route[Any, Any]]] = {}
        # Those with fields of the request in their path.
        self._placed: dict[str, tuple[re.Pattern[str], dict[str, Route[Any, Any]]]] = {}
        for route in routes().values():
            if settings.artifacts_only and not route.endpoint.path.startswith(OWN_ARTIFACTS):
                continue
            by_method: dict[str, Route[Any, Any]] = dict.fromkeys(route.endpoint.methods, route)
            for path in route.endpoint.paths:
                if route.endpoint.places:
                    self._placed.setdefault(path, (compile_path(path)[0], {}))[1].update(by_method)
                else:
                    self._calls.setdefault(path, {}).update(by_method)
        self._streams = [(compile_path(each.path), each) for each in streams()]
        self._background = Background(platform, settings)
        self._draining = Draining(settings.drain_delay_s, self._background.prepare_to_stop)
        self._examiner = Examiner(platform.database, self._draining)
        self._load = Load(settings.max_queued_requests, settings.max_queued_bytes)
        self._metrics = Metrics(platform, self._load, self._background.runner.states)
        self._waiting = Waiting()
        self._readers = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="fluvial-reader")
        self._headers = [(b"x-content-type-options", b"nosniff"), (b"vary", b"Origin")]
        if settings.x_frame_options.upper() != "NONE":
            self._headers.append((b"x-frame-options", settings.x_frame_options.upper().encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            request_id.set(take_request_id(request.headers.get("x-request-id")))
            send = self._with_headers(request, send, time.perf_counter())
            answer = await self._answer(request)
            await answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._background.start()
        self._draining.catch_signals()
        refreshing = asyncio.create_task(self._refresh())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        refreshing.cancel()
        self._readers.shutdown(wait=False, cancel_futures=True)
        await self._background.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _refresh(self) -> None:
        """Keep the numbers fresh for another worker that is asked for them."""
        while True:
            await asyncio.sleep(REFRESH_S)
            self._metrics.refresh()

    async def _answer(self, request: Request) -> Response:
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        path = self._path(request)
        refusal = self._door.refusal(request.method, path, host, origin)
        if refusal is not None:
            return PlainTextResponse(refusal, 403)
        try:
            if request.method == "OPTIONS":
                return self._preflight(path)
            return await self._dispatch(request, path)
        except RequestError as error:
            return _refused(error)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:  # noqa: BLE001  the outermost frame: nothing but the number of the fault leaves the server
            fault = secrets.token_hex(4)
            _log.exception("Fault %s at %s %s", fault, request.method, path)
            return _refused(InternalError(f"A fault in fluvial; the server's log has it as {fault}."))

    def _path(self, request: Request) -> str:
        path: str = request.scope["path"]
        prefix = self._settings.static_prefix.rstrip("/")
        return path.removeprefix(prefix) or "/" if f"{path}/".startswith(f"{prefix}/") else path

    async def _dispatch(self, request: Request, path: str) -> Response:
        if b"%00" in request.scope["query_string"]:
            raise InvalidRequest("The query holds a NUL character.")
        named, by_method, placed = self._calls_at(path)
        method = "GET" if request.method == "HEAD" else request.method
        if by_method is None:
            return await self._stream(request, path, method)
        route = by_method.get(method)
        request.scope["route"] = named
        if route is None:
            return _method_refused(path, request.method, list(by_method))
        if route.needs > Permission.NONE:
            _check_workspace(request)
        with self._load.admit() as share:
            if method == "GET":
                query = parse_qs(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
                query |= {name: [value] for name, value in placed.items()}
                message = codec.decode_query(route.endpoint.request, query)
            else:
                message = codec.decode(route.endpoint.request, await read_json(request, share), placed)
            return await self._call(route, message, _principal(request))

    def _calls_at(self, path: str) -> tuple[str, dict[str, Route[Any, Any]] | None, dict[str, str]]:
        """The endpoints of a path by method, what they are called together, and what the path says."""
        by_method = self._calls.get(path)
        if by_method is not None:
            return path, by_method, {}
        for template, (pattern, placed) in self._placed.items():
            match = pattern.match(path)
            if match is not None:
                return template, placed, match.groupdict()
        return path, None, {}

    async def _call(self, route: Route[Any, Any], message: Any, principal: Principal) -> Response:
        if route.writes:
            pending = self.platform.submit(route, message, principal)
            await self._waiting.until_done(pending.settled)
            body = codec.encode(pending.result())
        else:
            loop = asyncio.get_running_loop()
            read = functools.partial(self._read, route, message, principal, time.monotonic())
            body = await loop.run_in_executor(self._readers, contextvars.copy_context().run, read)
        return Response(body, media_type="application/json")

    def _read(self, route: Route[Any, Any], message: Any, principal: Principal, asked_s: float) -> bytes:
        if time.monotonic() - asked_s > READ_LIMIT_S:
            raise Unavailable("The server is behind with what it has to read: ask again later.")
        return codec.encode(self.platform.read(route, message, principal))

    async def _stream(self, request: Request, path: str, method: str) -> Response:
        allowed: list[str] = []
        for (pattern, _, convertors), each in self._streams:
            match = pattern.match(path)
            if match is None or (allowed and each.path == ANY_PATH):
                continue
            if method in each.methods:
                request.scope["path_params"] = {
                    name: convertors[name].convert(value) for name, value in match.groupdict().items()
                }
                request.scope["route"] = each.path
                return await self._open(each, request)
            if each.path != ANY_PATH:
                allowed += each.methods
        if allowed:
            return _method_refused(path, request.method, allowed)
        raise EndpointNotFound(f"There is no endpoint at {path[:200]}.")

    async def _open(self, each: Stream, request: Request) -> Response:
        principal = _principal(request)
        if each.needs > Permission.NONE:
            _check_workspace(request)
        if principal.permission < each.needs:
            raise PermissionDenied(f"{principal.name} needs the permission {each.needs.name} for this.")
        call = StreamCall(
            request, self.platform, principal, self._settings, self._load, self._examiner, self._metrics
        )
        return await each.handler(call)

    def _preflight(self, path: str) -> Response:
        """What a browser asks before it lets a page of another origin call."""
        methods = set(self._calls_at(path)[1] or ())
        for (pattern, _, _), each in self._streams:
            if each.path != ANY_PATH and pattern.match(path):
                methods.update(each.methods)
        headers = {
            "Access-Control-Allow-Methods": ", ".join(sorted(methods)),
            "Access-Control-Allow-Headers": "Content-Type, Authorization",
            "Access-Control-Max-Age": "600",
        }
        return Response(status_code=204, headers=headers)

    def _with_headers(self, request: Request, send: Send, begun_s: float) -> Send:
        cross = self._door.cross_origin_headers(
            request.headers.get("host", ""), request.headers.get("origin")
        )
        current_id = (b"x-request-id", request_id.get().encode())

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers, *cross, current_id]
                if self._draining.has_begun:
                    message["headers"].append((b"connection", b"close"))
                took_s = time.perf_counter() - begun_s
                self._metrics.answered(
                    request.method if request.method in KNOWN_METHODS else UNKNOWN,
                    request.scope.get("route", UNKNOWN),
                    message["status"],
                    took_s,
                )
                if access_log.isEnabledFor(logging.INFO):
                    log_request(request.method, request.scope["path"], message["status"], took_s)
            await send(message)

        return send_with_headers


def _principal(request: Request) -> Principal:
    """Who asks, as they say; until there are accounts, everybody may do the same."""
    return somebody(claimed_name(request.headers))


def _check_workspace(request: Request) -> None:
    """Refuse a workspace that is not there, rather than look or write elsewhere."""
    name = request.headers.get("x-mlflow-workspace") or "default"
    if name != "default":
        raise InvalidRequest(
            f"There is no workspace {name[:100]!r}: this server has the workspace 'default' alone. "
            "Leave the header X-MLFLOW-WORKSPACE out."
        )


def _method_refused(path: str, method: str, allowed: list[str]) -> Response:
    error = MethodNotAllowed(f"{path[:200]} takes {' or '.join(allowed)}, not {method}.")
    return _refused(error, {"Allow": ", ".join(allowed)})


def _refused(error: RequestError, headers: dict[str, str] | None = None) -> Response:
    if error.status in COME_AGAIN:
        after_s = math.ceil(error.retry_after_s or COME_AGAIN_S)
        headers = {**(headers or {}), "Retry-After": str(after_s)}
    body = msgspec.json.encode(error_body(error))
    return Response(body, error.status, headers, media_type="application/json")
