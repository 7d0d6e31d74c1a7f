"""Starting and stopping a server."""

from __future__ import annotations

import os
import resource
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from fluvial.errors import InvalidSetting
from fluvial.server.app import App
from fluvial.server.config import ServerSettings
from fluvial.server.memory import keep_freed_memory
from fluvial.server.metrics import FOLDER_VARIABLE
from fluvial.server.patience import patient_protocol
from fluvial.server.platform import open_platform
from fluvial.server.request_log import configure_logging
from fluvial.server.workers import HANGS_AFTER_S, MakeApp, Workers

BACKLOG = 2048


def serve(settings: ServerSettings, on_ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        settings: What to serve, and where.
        on_ready: Called with the server's URL once it answers.

    Raises:
        InvalidSetting: A setting cannot be met, such as a port that is taken.
        Unreachable: The database does not answer.
    """
    if settings.workers > 1 and settings.backend_store_uri.startswith("sqlite"):
        raise InvalidSetting(
            f"{settings.workers} workers need PostgreSQL: on SQLite one process serves, with as many threads "
            "as it needs. Leave --workers out, or give --backend-store-uri postgresql://…"
        )
    configure_logging(settings.log_level, settings.log_format)
    _allow_many_connections()
    keep_freed_memory()
    listener = listen(settings.host, settings.port)
    platform = open_platform(settings)  # whatever is wrong with the settings shows here, before any worker
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{port}{settings.static_prefix}"
    # uvicorn raises the signal that ended it once more, for whoever had a handler before: this one ends well.
    signal.signal(signal.SIGTERM, lambda *_: None)
    if settings.workers > 1:
        platform.close()
        workers = _config(settings, MakeApp(settings), factory=True)
        with _numbers_of_workers():
            Workers(workers, listener, lambda: on_ready(url)).run()
    else:
        config = _config(settings, App(platform, settings), factory=False)
        _Server(config, lambda: on_ready(url)).run(sockets=[listener])


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


def _config(settings: ServerSettings, app: App | MakeApp, *, factory: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        interface="asgi3",
        workers=settings.workers,
        http=patient_protocol(settings.slow_client_s),  # type: ignore[arg-type]  # it only calls it
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=int(settings.drain_s),
        timeout_worker_healthcheck=HANGS_AFTER_S,
    )


@contextmanager
def _numbers_of_workers() -> Iterator[None]:
    """A folder in which the workers count, each in files of its own."""
    with tempfile.TemporaryDirectory(prefix="fluvial-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        yield


def _allow_many_connections() -> None:
    """Each client holds a file open; shells allow 1,024 unless asked."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()
