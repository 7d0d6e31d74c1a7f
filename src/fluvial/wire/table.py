"""Every endpoint of the REST API: the folder is the registry."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import Any

import fluvial.wire
from fluvial.wire.endpoint import Endpoint


@functools.cache
def endpoints() -> tuple[Endpoint[Any, Any], ...]:
    """All endpoints that the modules of this package define, by path."""
    found = {}
    for module in pkgutil.iter_modules(fluvial.wire.__path__):
        for value in vars(importlib.import_module(f"fluvial.wire.{module.name}")).values():
            if isinstance(value, Endpoint):
                found[value.method, value.path] = value
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))


@functools.cache
def endpoint_at(path: str) -> Endpoint[Any, Any] | None:
    """The endpoint with this path, whatever its method."""
    return next((endpoint for endpoint in endpoints() if endpoint.path == path), None)
