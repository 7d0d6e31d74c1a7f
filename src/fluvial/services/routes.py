"""Which function serves which endpoint, and the permission that it needs."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, Generic

from msgspec import Struct

import fluvial.services
from fluvial.services.context import Context, Permission
from fluvial.services.gathering import Together
from fluvial.wire.endpoint import Endpoint, Request, Response

Service = Callable[[Context, Request], Response]

Key = tuple[str, str]

_routes: dict[Key, Route[Any, Any]] = {}


class Route(Struct, Generic[Request, Response], frozen=True):
    """An endpoint with the function that serves it.

    Attributes:
        endpoint: The operation.
        function: Carries it out in the transaction of its context.
        needs: The permission that a caller must have.
        is_journaled: Whether a call may stand in a client's journal, to be applied later.
        writes: Whether the call changes the database; if not, its transaction cannot write.
        together: Carries out several such requests at once; none where they do not gain by it.
    """

    endpoint: Endpoint[Request, Response]
    function: Service[Request, Response]
    needs: Permission
    is_journaled: bool
    writes: bool
    together: Together[Request, Response] | None = None


def serve(
    endpoint: Endpoint[Request, Response],
    *,
    needs: Permission,
    journaled: bool = False,
    writes: bool | None = None,
    together: Together[Request, Response] | None = None,
) -> Callable[[Service[Request, Response]], Service[Request, Response]]:
    """Bind a function to an endpoint. `needs` has no default: nobody forgets it.

    `writes` is only said where it does not follow from `needs`: where more than READ is needed for
    something that changes no row. `together` carries out requests that wait at the same time.
    """
    changes = needs >= Permission.EDIT if writes is None else writes

    def bind(function: Service[Request, Response]) -> Service[Request, Response]:
        if endpoint.key in _routes:
            raise ValueError(f"Two functions serve {endpoint.method} {endpoint.path}.")
        _routes[endpoint.key] = Route(endpoint, function, needs, journaled, changes, together)
        return function

    return bind


@functools.cache
def routes() -> dict[Key, Route[Any, Any]]:
    """All routes by `Endpoint.key`; imports every module of this package."""
    for module in pkgutil.iter_modules(fluvial.services.__path__):
        importlib.import_module(f"fluvial.services.{module.name}")
    return _routes


def journaled_route(path: str) -> Route[Any, Any] | None:
    """The route that a call in a journal means; a journal says the path alone."""
    route = routes().get(("POST", path))
    return route if route is not None and route.is_journaled else None
