"""Indexes the words of what was logged before there was full-text search."""

from __future__ import annotations

from fluvial.jobs import Job
from fluvial.services.context import Permission
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.settings import ServerSettings
from fluvial.store import texts

# About 0.05 s of the writer at once, a third of a second in all.
AT_ONCE, TIMES = 200, 5


def job(settings: ServerSettings) -> Job:  # noqa: ARG001
    """The job: little at a time, so that nobody waits for it."""
    return Job(name="texts", every_s=2.0, settles_s=0.0, run=_index_some, is_wanted=_has_backlog)


def _has_backlog(platform: Platform) -> bool:
    return platform.read_with(
        Permission.MANAGE, EVERYBODY, lambda context: texts.has_backlog(context.transaction)
    )


def _index_some(platform: Platform) -> None:
    for _ in range(TIMES):
        platform.write_with(
            Permission.MANAGE, EVERYBODY, lambda context: texts.index_some(context.transaction, AT_ONCE)
        ).result()
