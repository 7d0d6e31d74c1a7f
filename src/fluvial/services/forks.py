"""Runs that go on with another one's history, and runs that go back to a step.

No point is copied: a forked run names its origin, and whoever reads its points reads the origin's up to the
step before them. Only the summaries, one row for each metric, are made anew.
"""

from __future__ import annotations

import secrets

from fluvial.entities.run import NAME_TAG, STOP_TAG, RunStatus
from fluvial.entities.tag import MAX_RUN_TAG_CHARS
from fluvial.errors import Conflict, InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import experiments, inputs, metrics, origins, params, runs
from fluvial.store.runs import RunRow
from fluvial.wire.forks import FORK_RUN, REWIND_RUN, ForkRun, RewindRun, RewoundRun
from fluvial.wire.runs import OneRun

ORIGIN_TAG = "fluvial.forked_from"
STEP_TAG = "fluvial.forked_at_step"
ATTEMPT_OF_TAG = "fluvial.attempt_of"
ATTEMPTS_TAG = "fluvial.n_attempts"
MAX_DEPTH = 100

# They say what became of the origin, or make it be found again by its key.
_OWN_TAGS = frozenset({"fluvial.key", "fluvial.status_reason", STOP_TAG, ATTEMPT_OF_TAG, ATTEMPTS_TAG})


@serve(FORK_RUN, needs=Permission.EDIT)
def fork_run(context: Context, request: ForkRun) -> OneRun:
    """Start a run in the same experiment, with the params, tags, inputs and points up to a step of another.

    Raises:
        NotFound: No such run.
        InvalidRequest: It is deleted, or a fork of too many forks, or the step is beyond 64 bits.
    """
    rules.check_int64("A step", request.step)
    origin = runs.get_active(context.transaction, request.run_id)
    _check_depth(context, origin)
    name = rules.cut(
        "the tag", NAME_TAG, request.run_name or f"{origin.name} from step {request.step}", MAX_RUN_TAG_CHARS
    )
    run_id = secrets.token_hex(16)
    experiment = experiments.get(context.transaction, origin.experiment_id)
    row = origin._replace(
        run_key=context.transaction.database.ids.next(),
        run_id=run_id,
        name=name,
        status=RunStatus.RUNNING.number,
        start_ms=context.now_ms,
        end_ms=None,
        artifact_uri=context.locations.of_run(experiment.artifact_location, run_id),
    )
    labels = {ORIGIN_TAG: origin.run_id, STEP_TAG: str(request.step), NAME_TAG: name}
    _go_on(context, origin, row, request.step, labels)
    experiments.record_activity(context.transaction, experiment, context.now_ms)
    return OneRun(run=runs.as_entities(context.transaction, [row])[0])


@serve(REWIND_RUN, needs=Permission.EDIT)
def rewind_run(context: Context, request: RewindRun) -> RewoundRun:
    """Let a run go back to a step; what it was stays as another run, an earlier attempt.

    The rows of the run get another id, and under its own id a run begins that goes on with them. Both have
    the same place for artifacts.

    Raises:
        NotFound: No such run.
        InvalidRequest: It is deleted, or went back too often, or the step is beyond 64 bits.
    """
    rules.check_int64("A step", request.step)
    before = runs.get_active(context.transaction, request.run_id)
    _check_depth(context, before)
    number = int(params.find_tag(context.transaction, before, ATTEMPTS_TAG) or "0") + 1
    name = rules.cut("the tag", NAME_TAG, f"{before.name} (attempt {number})", MAX_RUN_TAG_CHARS)
    was_running = before.status == RunStatus.RUNNING.number
    attempt = before._replace(
        run_id=secrets.token_hex(16),
        name=name,
        status=RunStatus.KILLED.number if was_running else before.status,
        end_ms=context.now_ms if was_running else before.end_ms,
    )
    row = before._replace(run_key=context.transaction.database.ids.next())
    runs.rename(context.transaction, before.run_id, attempt)
    labels = {ATTEMPTS_TAG: str(number), NAME_TAG: before.name}
    kept = params.find_tag(context.transaction, attempt, "fluvial.key")
    _go_on(context, attempt, row, request.step, labels | ({"fluvial.key": kept} if kept else {}))
    params.set_tags(context.transaction, attempt, {ATTEMPT_OF_TAG: row.run_id, NAME_TAG: name})
    params.delete_tag(context.transaction, attempt, "fluvial.key")
    context.changed(row.experiment_id, attempt.run_id, "run")
    run, other = runs.as_entities(context.transaction, [row, attempt])
    return RewoundRun(run=run, attempt=other)


def _go_on(context: Context, origin: RunRow, row: RunRow, step: int, labels: dict[str, str]) -> None:
    """Add a run that goes on with another one's history."""
    transaction = context.transaction
    (before,) = runs.as_entities(transaction, [origin])
    if not runs.insert_new(transaction, row):
        raise Conflict(f"The run {row.run_id!r} goes back at the same time: look at it again.")
    origins.add(transaction, row, origin, step)
    params.add(transaction, row, {param.key: param.value for param in before.data.params})
    kept = {tag.key: tag.value for tag in before.data.tags if tag.key not in _OWN_TAGS}
    params.set_tags(transaction, row, kept | labels)
    inputs.add_datasets(transaction, row.experiment_id, row.run_key, before.inputs.dataset_inputs)
    inputs.add_models(transaction, row.experiment_id, row.run_key, before.inputs.model_inputs)
    for key_id in metrics.keys_of(transaction, origin):
        points = metrics.read(transaction, origin, [key_id])
        metrics.add_summaries(transaction, {row: points.where(points.steps <= step)})
    context.changed(row.experiment_id, row.run_id, "run", "metrics")


def _check_depth(context: Context, origin: RunRow) -> None:
    if len(origins.history(context.transaction, origin)) > MAX_DEPTH:
        raise InvalidRequest(
            f"The run {origin.run_id!r} goes on with {MAX_DEPTH} others, one after the other: no more may."
        )
