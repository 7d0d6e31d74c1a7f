"""Forgets uploads in parts that nobody goes on with."""

from __future__ import annotations

from fluvial.jobs import Job
from fluvial.services.uploads import purge_abandoned
from fluvial.settings import ServerSettings

EVERY_S = 600.0


def job(settings: ServerSettings) -> Job:  # noqa: ARG001
    """The job."""
    return Job(name="abandoned_uploads", every_s=EVERY_S, settles_s=0.0, run=purge_abandoned)
