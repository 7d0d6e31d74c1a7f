"""Indexes the words of what was logged before there was full-text search."""

from __future__ import annotations

from fluvial.jobs import Job
from fluvial.settings import ServerSettings
from fluvial.store.texts import index_some

# About 0.15 s of the writer.
AT_ONCE = 500


def job(settings: ServerSettings) -> Job:  # noqa: ARG001
    """The job: little at a time, so that nobody waits for it."""
    return Job(
        name="texts",
        every_s=2.0,
        settles_s=0.0,
        run=lambda context: index_some(context.transaction, AT_ONCE),
    )
