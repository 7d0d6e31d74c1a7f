"""Runs whose process died are marked by themselves; those that come back go on.

A run is watched once its client has said that it gives signs of life: runs of other clients are left alone.
A sign of life is a heartbeat, or metric points from a journal. Silence for too long makes a run FAILED, with
the reason in a tag; its end is the last sign. Any later sign makes it RUNNING again, and whoever sets its
status has the last word.

Who may change a run may ask for its end: the answer to its next sign of life says so to its client.
"""

from __future__ import annotations

import datetime

from fluvial.entities.run import STATUS_REASON_TAG, STOP_TAG, RunStatus
from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import heartbeats, params, runs
from fluvial.store.runs import RunRow
from fluvial.wire.endpoint import Empty
from fluvial.wire.heartbeats import HEARTBEAT, STOP_RUN, Heard, Heartbeat, StopRun

MAX_RUNS = 1000
MAX_MARKED_AT_ONCE = 500
# Points come several times a second; one note of that in ten seconds is enough.
TOUCH_MS = 10_000


@serve(HEARTBEAT, needs=Permission.EDIT)
def hear(context: Context, request: Heartbeat) -> Heard:
    """Note that the process of some runs is alive; say which of them it should end."""
    if len(request.run_ids) > MAX_RUNS:
        raise InvalidRequest(f"A heartbeat names up to {MAX_RUNS} runs, not {len(request.run_ids)}.")
    found = [revived(context, row) for row in runs.find_all(context.transaction, request.run_ids)]
    alive = [row for row in found if row.status == RunStatus.RUNNING.number]
    heartbeats.beat(context.transaction, [row.run_id for row in alive], context.now_ms)
    unwanted = [row.run_id for row in alive if params.find_tag(context.transaction, row, STOP_TAG)]
    return Heard(stop=tuple(unwanted))


@serve(STOP_RUN, needs=Permission.EDIT)
def stop_run(context: Context, request: StopRun) -> Empty:
    """Ask the program of a run to end it.

    Raises:
        NotFound: No such run.
        InvalidRequest: It is deleted, or not running, or its program gives no signs of life.
    """
    rules.check_run_id(request.run_id)
    row = runs.get_active(context.transaction, request.run_id)
    if row.status != RunStatus.RUNNING.number:
        raise InvalidRequest(f"The run {row.run_id!r} is not running.")
    if not heartbeats.is_watched(context.transaction, row.run_id):
        raise InvalidRequest(
            f"Nobody would hear it: the program of the run {row.run_id!r} gives no signs of life, as "
            "those of other clients, or with FLUVIAL_HEARTBEAT_S=0. Stop it where it runs."
        )
    params.set_tags(context.transaction, row, {STOP_TAG: str(context.now_ms)})
    context.changed(row.experiment_id, row.run_id, "run", "tags")
    return Empty()


def watch(context: Context, row: RunRow) -> None:
    """A run begins whose client gives signs of life."""
    heartbeats.beat(context.transaction, [row.run_id], context.now_ms)


def note_activity(context: Context, row: RunRow) -> None:
    """Something was logged to a run: that is a sign of life, if it is watched."""
    if row.status == RunStatus.RUNNING.number:
        since_ms = context.now_ms - TOUCH_MS
        heartbeats.touch(context.transaction, row.run_id, context.now_ms, not_since_ms=since_ms)
    else:
        revived(context, row)


def revived(context: Context, row: RunRow) -> RunRow:
    """The run, RUNNING again if it was marked for its silence."""
    if row.status != RunStatus.FAILED.number or not heartbeats.is_silent(context.transaction, row.run_id):
        return row
    row = row._replace(status=RunStatus.RUNNING.number, end_ms=None)
    runs.save(context.transaction, row)
    params.delete_tag(context.transaction, row, STATUS_REASON_TAG)
    heartbeats.beat(context.transaction, [row.run_id], context.now_ms)
    context.changed(row.experiment_id, row.run_id, "run", "tags")
    return row


def settle(context: Context, row: RunRow, status: RunStatus) -> None:
    """Somebody says what the status of a run is: it is watched no more, unless its client is heard again.

    A run that goes on was not asked to stop.
    """
    if status is RunStatus.RUNNING and params.delete_tag(context.transaction, row, STOP_TAG):
        context.changed(row.experiment_id, row.run_id, "tags")
    if heartbeats.is_silent(context.transaction, row.run_id):
        params.delete_tag(context.transaction, row, STATUS_REASON_TAG)
        context.changed(row.experiment_id, row.run_id, "tags")
    heartbeats.forget(context.transaction, row.run_id)


def mark_silent(context: Context, silence_ms: int) -> int:
    """Mark the runs of which nothing was heard for some time; returns how many."""
    silent = heartbeats.find_silent(context.transaction, context.now_ms - silence_ms, MAX_MARKED_AT_ONCE)
    rows = {row.run_id: row for row in runs.find_all(context.transaction, [run_id for run_id, _ in silent])}
    for run_id, beat_ms in silent:
        row = rows.get(run_id)
        if row is None or row.status != RunStatus.RUNNING.number:
            heartbeats.forget(context.transaction, run_id)
            continue
        marked = row._replace(status=RunStatus.FAILED.number, end_ms=max(beat_ms, row.start_ms))
        runs.save(context.transaction, marked)
        params.set_tags(context.transaction, row, {STATUS_REASON_TAG: _reason(beat_ms)})
        heartbeats.mark_silent(context.transaction, run_id)
        context.changed(row.experiment_id, run_id, "run", "tags")
    return len(silent)


def _reason(beat_ms: int) -> str:
    last = datetime.datetime.fromtimestamp(beat_ms / 1000, datetime.UTC)
    return (
        f"Nothing was heard of its process since {last:%Y-%m-%d %H:%M:%S} UTC: it was killed, its machine "
        "went away, or its network. If it is heard again, the run goes on."
    )
