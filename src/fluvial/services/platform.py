"""The platform in one object: what the server and local mode both call."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from fluvial.artifacts.locations import Locations
from fluvial.entities import author
from fluvial.errors import EndpointNotFound, PermissionDenied
from fluvial.services.context import Context, Permission, Principal
from fluvial.services.events import Hub
from fluvial.services.experiments import ensure_default
from fluvial.services.gathering import Gathering, Pending, Together
from fluvial.services.ingest import ingest
from fluvial.services.outside import NOTHING, Outside
from fluvial.services.routes import Route, routes
from fluvial.store.database import Database, Transaction
from fluvial.wire import codec
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.journal import Ingested, unpack_slice

T = TypeVar("T")

MAX_GATHERINGS = 1000
# Until there are accounts, whoever reaches the platform may do everything.
EVERYBODY = Principal(author.EVERYBODY, Permission.MANAGE)


def somebody(name: str) -> Principal:
    """Whoever says that this is their name; it is for the history, and gives no rights."""
    return Principal(name, EVERYBODY.permission) if name else EVERYBODY


class Platform:
    """Carries out calls: authorises, opens the transaction, runs the service.

    Args:
        database: Where everything but artifacts is kept; closed with the platform.
        locations: Decides where artifacts are kept.
        clock: The time, ms since the epoch; the database's where none is given, which servers share.
        outside: What it may do beyond itself.
    """

    def __init__(
        self,
        database: Database,
        locations: Locations,
        clock: Callable[[], int] | None = None,
        outside: Outside = NOTHING,
    ) -> None:
        self.database = database
        self.locations = locations
        self.hub = Hub()
        self._gatherings: dict[tuple[str, Principal], Gathering[Any, Any]] = {}
        self._clock = clock
        self._outside = outside
        self.database.write(lambda transaction: ensure_default(self._context(transaction, EVERYBODY)))

    def call(
        self, endpoint: Endpoint[Request, Response], request: Request, principal: Principal = EVERYBODY
    ) -> Response:
        """Carry out one call and wait for it.

        Raises:
            RequestError: What the service refuses.
        """
        route: Route[Request, Response] | None = routes().get(endpoint.key)
        if route is None:
            raise EndpointNotFound(f"{endpoint.path} is not served.")
        codec.check_texts(request)
        if route.writes:
            return self.submit(route, request, principal).result()
        return self.read(route, request, principal)

    def read(self, route: Route[Request, Response], request: Request, principal: Principal) -> Response:
        """Carry out a call that only reads, in this thread."""
        return self.read_with(route.needs, principal, lambda context: route.function(context, request))

    def submit(
        self, route: Route[Request, Response], request: Request, principal: Principal
    ) -> Pending[Response]:
        """Begin a call that writes; its answer comes when it is durable."""
        if route.together is not None:
            _authorise(principal, route.needs)
            return self._gathering(route.endpoint.path, route.together, principal).submit(request)
        return Pending(
            self.write_with(route.needs, principal, lambda context: route.function(context, request))
        )

    def ingest(self, body: bytes, principal: Principal = EVERYBODY) -> Future[Ingested]:
        """Begin to apply a slice of a journal; the future is done when it is durable.

        Raises:
            InvalidRequest: The body is no slice.
        """
        header, frames = unpack_slice(body)
        return self.write_with(Permission.EDIT, principal, lambda context: ingest(context, header, frames))

    def read_with(self, needs: Permission, principal: Principal, work: Callable[[Context], T]) -> T:
        """Run something that only reads, in this thread.

        Raises:
            PermissionDenied: The principal may not.
        """
        _authorise(principal, needs)
        return self.database.read(lambda transaction: work(self._context(transaction, principal)))

    def write_with(self, needs: Permission, principal: Principal, work: Callable[[Context], T]) -> Future[T]:
        """Begin something that writes.

        Raises:
            PermissionDenied: The principal may not.
        """
        _authorise(principal, needs)
        return self.database.submit(lambda transaction: work(self._context(transaction, principal)))

    def now_ms(self) -> int:
        """The time by this process's clock, ms since the epoch."""
        return self._clock() if self._clock else time.time_ns() // 1_000_000

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
        self.database.close()

    def _gathering(
        self, path: str, together: Together[Any, Any], principal: Principal
    ) -> Gathering[Any, Any]:
        """Where one principal's requests for a route are gathered."""
        if len(self._gatherings) > MAX_GATHERINGS:  # anybody may say any name
            self._gatherings.clear()
        found = self._gatherings.get((path, principal))
        if found is None:
            begin = functools.partial(self.write_with, Permission.NONE, principal)
            # Of two threads that are the first, both use what one of them has put there.
            found = self._gatherings.setdefault((path, principal), Gathering(together, begin))
        return found

    def _context(self, transaction: Transaction, principal: Principal) -> Context:
        now_ms = self._clock() if self._clock else self.database.now_ms(transaction)
        return Context(transaction, principal, now_ms, self.locations, self.hub, self._outside)


def _authorise(principal: Principal, needs: Permission) -> None:
    if principal.permission < needs:
        raise PermissionDenied(f"{principal.name} needs the permission {needs.name} for this.")
