"""Several processes behind one listening socket, which are started again when they die."""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import uvicorn
from msgspec import Struct
from uvicorn.supervisors.multiprocess import Multiprocess

from fluvial.errors import Unreachable
from fluvial.server.app import App
from fluvial.server.config import ServerSettings
from fluvial.server.memory import keep_freed_memory
from fluvial.server.metrics import forget_process
from fluvial.server.platform import open_platform
from fluvial.server.request_log import configure_logging

# A worker that starts on a busy machine loads its modules before it answers; one that hangs never does.
HANGS_AFTER_S = 60
READY_ANSWER_S = 1.0
MAX_PAUSE_S = 10.0

_log = logging.getLogger(__name__)


class Workers(Multiprocess):
    """Keeps as many processes as the configuration wants.

    Args:
        config: Its app is a `MakeApp`.
        listener: What they accept connections from.
        on_ready: Called once the first of them answers.
    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        self._on_ready = on_ready
        self._is_ready = False

    def keep_subprocess_alive(self) -> None:
        """Replace those that died, and say so once the first answers."""
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            if pid is not None:
                forget_process(pid)
        if not self._is_ready and any(process.is_ready(READY_ANSWER_S) for process in self.processes):
            self._is_ready = True
            self._on_ready()


class MakeApp(Struct, frozen=True):
    """Makes the app in a process of its own; goes there as bytes.

    Attributes:
        settings: What the server was told.
    """

    settings: ServerSettings

    def __call__(self) -> App:
        """The app, as soon as the database answers."""
        configure_logging(self.settings.log_level, self.settings.log_format)
        keep_freed_memory()
        _end_with_parent()
        pause_s = 0.5
        while True:
            try:
                return App(open_platform(self.settings), self.settings)
            except Unreachable as error:
                _log.warning("A worker waits for the database: %s", error)
                time.sleep(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)


def _end_with_parent() -> None:
    """Stop when the process that started this one is gone, even where it was killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="fluvial-parent", daemon=True).start()
