"""Moves of runs to another experiment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.experiments import get_active
from fluvial.services.routes import serve
from fluvial.store import experiments, run_moves, runs
from fluvial.store.runs import RunRow
from fluvial.wire.run_moves import MOVE_RUNS, MovedRuns, MoveRuns, RunsOfExperiment

MAX_RUNS = 1000
# One transaction moves all that they have: SQLite lets nobody else write meanwhile.
MAX_MOVED = 10_000


@serve(MOVE_RUNS, needs=Permission.EDIT)
def move_runs(context: Context, request: MoveRuns) -> MovedRuns:
    """Move runs to another experiment with all that was logged to them, all or none.

    Artifacts stay where they are. Logged models go with the run that made them.

    Raises:
        NotFound: One of the runs does not exist, or the experiment.
        InvalidRequest: Too many runs, or a run or one of the experiments is in the trash.
    """
    if len(request.run_ids) > MAX_RUNS:
        raise InvalidRequest(f"A call moves up to {MAX_RUNS} runs, not {len(request.run_ids)}.")
    for run_id in request.run_ids:
        rules.check_run_id(run_id)
    target = get_active(context, request.experiment_id)
    leaving: defaultdict[int, list[RunRow]] = defaultdict(list)
    for row in runs.get_all(context.transaction, request.run_ids):
        if row.experiment_id != target.experiment_id:
            leaving[row.experiment_id].append(row)
    _check_active(context, leaving)
    if request.moves_children:
        for experiment_id, rows in leaving.items():
            rows.extend(_nested(context, experiment_id, rows))
    n_runs = sum(map(len, leaving.values()))
    if n_runs > MAX_MOVED:
        raise InvalidRequest(
            f"With the runs nested in them these are {n_runs} runs; a call moves up to {MAX_MOVED}. Move "
            "some of the nested ones first."
        )
    for experiment_id, rows in leaving.items():
        run_moves.move(context.transaction, rows, target.experiment_id)
        context.changed(experiment_id, None, "run")
    if n_runs:
        context.changed(target.experiment_id, None, "run")
    return MovedRuns(
        n_runs=n_runs,
        came_from=tuple(
            RunsOfExperiment(experiment_id=str(experiment_id), run_ids=tuple(row.run_id for row in rows))
            for experiment_id, rows in leaving.items()
        ),
    )


def _check_active(context: Context, leaving: dict[int, list[RunRow]]) -> None:
    for experiment_id, rows in leaving.items():
        experiment = experiments.get(context.transaction, experiment_id)
        if experiment.is_deleted:
            raise InvalidRequest(f"The experiment {experiment.name!r} is deleted: restore it first.")
        for row in rows:
            runs.active(row, row.run_id)


def _nested(context: Context, experiment_id: int, rows: Sequence[RunRow]) -> list[RunRow]:
    """The runs below some runs of an experiment that are not among these."""
    run_ids = {row.run_id for row in rows}
    below = run_moves.below(context.transaction, experiment_id, run_ids)
    return [
        row
        for row in runs.find_all(context.transaction, below - run_ids)
        if row.experiment_id == experiment_id
    ]
