"""Keeps the columns by which large experiments are searched as packed blocks, for servers that start.

What this process has searched by is what it keeps: the columns are in its memory, so that no row is read.
"""

from __future__ import annotations

from fluvial.jobs import Job
from fluvial.services.platform import Platform
from fluvial.settings import ServerSettings
from fluvial.store.column_checkpoints import has_something_to_keep, keep_columns

EVERY_S = 15.0


def job(settings: ServerSettings) -> Job | None:
    """The job; none where the settings turn columns off."""
    if settings.columns_limit_mb <= 0:
        return None
    return Job(
        name="columns",
        every_s=EVERY_S,
        settles_s=0.0,
        run=keep,
        is_wanted=lambda platform: has_something_to_keep(platform.database),
    )


def keep(platform: Platform) -> int:
    """Write what is lacking; returns how many columns were written."""
    return keep_columns(platform.database)
