"""Folds the points of runs into chunks, a bounded number at a time, while more are logged."""

from __future__ import annotations

import time

from fluvial.errors import Unavailable
from fluvial.jobs import Job
from fluvial.services.platform import Platform
from fluvial.settings import ServerSettings
from fluvial.store.folding import OpenRun, fold, open_runs

EVERY_S = 1.0
# How long it goes on before it renews its lease, and other jobs have their turn.
TURN_S = 10.0


def job(settings: ServerSettings) -> Job | None:
    """The job; none where the settings turn it off."""
    if settings.compaction_idle_s < 0:
        return None
    idle_ms = int(settings.compaction_idle_s * 1000)
    return Job(
        name="compaction",
        every_s=EVERY_S,
        settles_s=0,
        run=lambda platform: compact(platform, idle_ms, TURN_S),
        is_wanted=lambda platform: bool(_due(platform, idle_ms)),
        backlog=lambda platform: sum(run.n_points for run in platform.database.read(open_runs)),
    )


def compact(platform: Platform, idle_ms: int, for_s: float) -> int:
    """Fold runs until none is due or the time is up; returns how many points were folded.

    Args:
        platform: Whose runs.
        idle_ms: A run that got nothing for so long is folded however few points it has.
        for_s: After this many seconds no further fold begins.
    """
    until = time.monotonic() + for_s
    n_points = 0
    while due := _due(platform, idle_ms):
        for run in due:
            if time.monotonic() > until:
                return n_points
            try:
                n_points += fold(platform.database, run.experiment_id, run.run_key)
            except Unavailable:
                return n_points  # another server is at it
    return n_points


def _due(platform: Platform, idle_ms: int) -> list[OpenRun]:
    now_ms = platform.now_ms()
    return [run for run in platform.database.read(open_runs) if run.is_due(now_ms, idle_ms)]
