"""Starting and stopping a server."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.errors import InvalidSetting
from fluvial.server.app import App
from fluvial.server.config import ServerSettings
from fluvial.services.platform import Platform
from fluvial.store.schema import open_database

BACKLOG = 2048
# How long answers that are under way may take once the server was told to stop.
DRAIN_S = 10

_log = logging.getLogger(__name__)


def serve(settings: ServerSettings, on_ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        settings: What to serve, and where.
        on_ready: Called with the server's URL once it answers.

    Raises:
        InvalidSetting: A setting cannot be met, such as a port that is taken.
    """
    if settings.workers != 1:
        _log.warning(
            "Serving with one process, not %d: it uses threads, and needs no more.", settings.workers
        )
    listener = listen(settings.host, settings.port)
    app = App(open_platform(settings), settings)
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_S,
    )
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{port}{settings.static_prefix}"
    _Server(config, app, lambda: on_ready(url)).run(sockets=[listener])


def open_platform(settings: ServerSettings) -> Platform:
    """The platform that the settings describe."""
    locations = Locations(
        destination=settings.artifacts_destination if settings.serve_artifacts else None,
        default_root=settings.default_artifact_root or None,
        allowed=settings.allowed_artifact_locations,
        options=StoreOptions(s3_endpoint_url=settings.s3_endpoint_url),
    )
    return Platform(open_database(settings.backend_store_uri), locations)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        InvalidSetting: The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InvalidSetting(
            f"{host}:{port} cannot be listened on: {error.strerror}. Choose another with --port."
        ) from error
    listener.set_inheritable(True)
    return listener


class _Server(uvicorn.Server):
    """Ends the streams of events as soon as it is told to stop, so that they do not hold it up."""

    def __init__(self, config: uvicorn.Config, app: App, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at the first signal, at once at the second."""
        self._app.stop_streams()
        super().handle_exit(sig, frame)
