"""Background work. Each module of this folder with no leading underscore is a job, and defines `job`.

A job runs again and again in one server process at a time: whichever holds its lease.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from msgspec import Struct

from fluvial.services.platform import Platform
from fluvial.settings import ServerSettings


class Job(Struct, frozen=True, kw_only=True):
    """Some background work.

    Attributes:
        name: Of its lease.
        every_s: How often it runs.
        settles_s: How long the servers must have been listening without a break before it runs, so that it
            does not take their own absence for somebody else's.
        run: Does it, in transactions of its own.
        is_wanted: Whether there is something to do; asked before the lease is taken.
        backlog: How much there is to do, in what the job counts; for those who watch the servers.
    """

    name: str
    every_s: float
    settles_s: float
    run: Callable[[Platform], object]
    is_wanted: Callable[[Platform], bool] = lambda _: True
    backlog: Callable[[Platform], float] | None = None


def jobs(settings: ServerSettings) -> tuple[Job, ...]:
    """The jobs that the settings ask for."""
    made: list[Job | None] = [
        importlib.import_module(f"fluvial.jobs.{module.name}").job(settings)
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    ]
    return tuple(job for job in made if job is not None)
