"""Whether the server can do its work now: what a load balancer asks before it sends requests here."""

from __future__ import annotations

import asyncio
import time

from msgspec import Struct

from fluvial.errors import RequestError
from fluvial.server.draining import Draining
from fluvial.store.database import Database
from fluvial.store.schema import HEAD

LIMIT_S = 3.0
# Whoever can reach the port may ask; the database is asked no more often than this.
KEPT_S = 1.0


class Readiness(Struct, frozen=True, kw_only=True):
    """How the server is.

    Attributes:
        is_ready: Whether requests should come here.
        database: `ok`, or what is wrong with it.
        migrations: `ok`, or what is wrong with them.
        server: `ok`, or `stopping`.
    """

    is_ready: bool
    database: str
    migrations: str
    server: str


class Examiner:
    """Finds out how the server is.

    Args:
        database: The server's.
        draining: Whether the server is about to stop.
    """

    def __init__(self, database: Database, draining: Draining) -> None:
        self._database = database
        self._draining = draining
        self._lock = asyncio.Lock()
        self._version: str | None = None
        self._is_there = False
        self._looked_s = float("-inf")

    async def examine(self) -> Readiness:
        """How the server is now; of the database, how it was up to a second ago."""
        async with self._lock:
            if time.monotonic() - self._looked_s > KEPT_S:
                await self._look()
        is_current = self._version is not None and self._version >= HEAD
        is_stopping = self._draining.has_begun
        return Readiness(
            is_ready=self._is_there and is_current and not is_stopping,
            database="ok" if self._is_there else "does not answer",
            migrations="ok" if is_current else "unknown" if not self._is_there else "lacking",
            server="stopping" if is_stopping else "ok",
        )

    async def _look(self) -> None:
        try:
            self._version = await asyncio.wait_for(asyncio.to_thread(self._database.version), LIMIT_S)
            self._is_there = True
        except (RequestError, TimeoutError):
            self._is_there = False
        self._looked_s = time.monotonic()
