"""Threads for artifact stores, which block: so many for uploads, and so many for the rest.

Slow senders can take only their share of them, and those that come later wait without being read from.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
T = TypeVar("T")

UPLOADS_AT_ONCE = 16  # each holds up to 40 MB where the store takes parts
READS_AT_ONCE = 16

# One of each per event loop.
_uploads: RunVar[CapacityLimiter] = RunVar("fluvial-artifact-uploads")
_reads: RunVar[CapacityLimiter] = RunVar("fluvial-artifact-reads")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what reads from a store, or asks it something."""
    return await to_thread.run_sync(functools.partial(function, *args, **kwargs), limiter=reading())


async def in_upload_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what writes to a store what a caller sends."""
    limiter = _limiter(_uploads, UPLOADS_AT_ONCE)
    return await to_thread.run_sync(functools.partial(function, *args, **kwargs), limiter=limiter)


def reading() -> CapacityLimiter:
    """Limits what reads."""
    return _limiter(_reads, READS_AT_ONCE)


def _limiter(variable: RunVar[CapacityLimiter], n_threads: int) -> CapacityLimiter:
    try:
        return variable.get()
    except LookupError:
        limiter = CapacityLimiter(n_threads)
        variable.set(limiter)
        return limiter
