"""What runs beside the requests: background jobs, and word to and from other servers."""

from __future__ import annotations

import asyncio
import logging
import os

from fluvial.jobs import jobs
from fluvial.jobs._runner import Runner
from fluvial.server.config import ServerSettings
from fluvial.services.peers import Peers
from fluvial.services.platform import Platform

_log = logging.getLogger(__name__)


class Background:
    """Begins with the server and ends with it.

    Args:
        platform: What is served; closed at the end.
        settings: What the server was told.
    """

    def __init__(self, platform: Platform, settings: ServerSettings) -> None:
        self._platform = platform
        self._limit_s = settings.drain_s
        self._peers = Peers(platform.hub)
        self.runner = Runner(platform, () if settings.artifacts_only else jobs(settings))

    def start(self) -> None:
        """Begin."""
        self._following = self._platform.database.follow(self._peers)
        self._peers.connect(self._following.wake)
        self.runner.start()

    def prepare_to_stop(self) -> None:
        """End what would otherwise never end, and begin no more; may be called from a signal handler."""
        self._platform.hub.close()
        self.runner.ask_to_stop()

    async def stop(self) -> None:
        """End, and let go of the database. Where that hangs, the process ends here."""
        try:
            await asyncio.wait_for(asyncio.to_thread(self._stop), self._limit_s)
        except TimeoutError:
            # Threads that hang in the database would hold up the end of the process for good.
            _log.warning("Stopped with work that the database did not finish; nobody was told that it was.")
            logging.shutdown()
            os._exit(0)

    def _stop(self) -> None:
        self.runner.stop()
        self._peers.close()
        self._following.close()
        self._platform.close()
