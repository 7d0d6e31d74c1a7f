"""Marks runs of which nothing was heard for too long."""

from __future__ import annotations

from fluvial.jobs import Job
from fluvial.services.context import Permission
from fluvial.services.heartbeats import mark_silent
from fluvial.services.platform import EVERYBODY
from fluvial.settings import ServerSettings

MAX_EVERY_S = 30.0


def job(settings: ServerSettings) -> Job | None:
    """The job; none where the settings turn it off."""
    silence_s = settings.run_silence_s
    if silence_s <= 0:
        return None
    return Job(
        name="silent_runs",
        every_s=min(silence_s / 4, MAX_EVERY_S),
        settles_s=silence_s,
        run=lambda platform: platform.write_with(
            Permission.MANAGE, EVERYBODY, lambda context: mark_silent(context, int(silence_s * 1000))
        ).result(),
    )
