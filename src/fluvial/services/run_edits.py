"""Changes of many runs at once."""

from __future__ import annotations

from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.keys import check_key
from fluvial.entities.run import NAME_TAG
from fluvial.entities.tag import MAX_RUN_TAG_CHARS
from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import experiments, params, runs
from fluvial.store.runs import RunRow
from fluvial.wire.run_edits import EDIT_RUNS, EditedRuns, EditRuns

MAX_RUNS = 1000
MAX_TAGS = 100


@serve(EDIT_RUNS, needs=Permission.EDIT)
def edit_runs(context: Context, request: EditRuns) -> EditedRuns:
    """Put runs into the trash or take them out, and set and delete tags of them, all or none.

    Raises:
        NotFound: One of the runs does not exist.
        InvalidRequest: Too many runs or tags, tags of a run that stays in the trash, or a run to take out of
            the trash whose experiment is in it.
    """
    _check(request)
    rows = runs.get_all(context.transaction, request.run_ids)
    if request.lifecycle_stage is not None:
        rows = _marked(context, rows, is_deleted=request.lifecycle_stage is LifecycleStage.DELETED)
    if request.set_tags or request.delete_tags:
        _tag(context, rows, request)
    for experiment_id in {row.experiment_id for row in rows}:
        context.changed(experiment_id, None, "run", "tags")
    return EditedRuns(n_runs=len(rows))


def _check(request: EditRuns) -> None:
    if len(request.run_ids) > MAX_RUNS:
        raise InvalidRequest(f"A call changes up to {MAX_RUNS} runs, not {len(request.run_ids)}.")
    for run_id in request.run_ids:
        rules.check_run_id(run_id)
    n_tags = max(len(request.set_tags), len(request.delete_tags))
    if n_tags > MAX_TAGS:
        raise InvalidRequest(f"A call sets and deletes up to {MAX_TAGS} tags, not {n_tags}.")
    for tag in request.set_tags:
        check_key("tag", tag.key)
        if tag.key == NAME_TAG:
            raise InvalidRequest("Runs are renamed one by one: a name tells them apart.")


def _marked(context: Context, rows: list[RunRow], *, is_deleted: bool) -> list[RunRow]:
    if not is_deleted:
        for experiment_id in {row.experiment_id for row in rows}:
            experiment = experiments.get(context.transaction, experiment_id)
            if experiment.is_deleted:
                raise InvalidRequest(f"The experiment {experiment.name!r} is deleted: restore that first.")
    marked = [row._replace(is_deleted=int(is_deleted)) for row in rows]
    for row in marked:
        runs.save(context.transaction, row)
    return marked


def _tag(context: Context, rows: list[RunRow], request: EditRuns) -> None:
    values = {
        tag.key: rules.cut("the tag", tag.key, tag.value, MAX_RUN_TAG_CHARS) for tag in request.set_tags
    }
    for row in rows:
        if row.is_deleted:
            raise InvalidRequest(f"The run {row.run_id!r} is deleted: restore it first.")
        params.set_tags(context.transaction, row, values)
        for key in request.delete_tags:
            params.delete_tag(context.transaction, row, key)
