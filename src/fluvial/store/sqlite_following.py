"""Whether other processes write to the same SQLite file: nobody says so, the file does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from fluvial.errors import RequestError
from fluvial.store.following import Correspondent

LOOK_S = 0.5

_log = logging.getLogger(__name__)


class SqliteFollowing:
    """Looks twice a second whether another process has committed.

    Args:
        version: Gives a number that differs when another process has committed since the last call.
        correspondent: Who hears that something was missed; what it has to say is in the file.
    """

    def __init__(self, version: Callable[[], int], correspondent: Correspondent) -> None:
        self._version = version
        self._correspondent = correspondent
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fluvial-following", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Nothing to do: others look by themselves."""

    def close(self) -> None:
        """Look no more."""
        self._is_closing.set()
        self._thread.join()

    def _run(self) -> None:
        known: int | None = None
        while not self._is_closing.wait(LOOK_S):
            try:
                version = self._version()
            except RequestError as error:
                _log.debug("The database cannot be looked at: %s", error)
                continue
            if known not in (None, version):
                self._correspondent.missed()
            known = version
