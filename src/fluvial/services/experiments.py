"""What can be done with experiments."""

from __future__ import annotations

from fluvial.entities.experiment import DEFAULT_EXPERIMENT_ID, DEFAULT_EXPERIMENT_NAME
from fluvial.entities.keys import check_key
from fluvial.entities.run import RunStatus
from fluvial.entities.tag import MAX_EXPERIMENT_TAG_CHARS
from fluvial.errors import AlreadyExists, InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.routes import serve
from fluvial.store import experiment_search, experiments
from fluvial.store.experiments import ExperimentRow
from fluvial.wire.endpoint import Empty
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    DELETE_EXPERIMENT,
    DELETE_EXPERIMENT_TAG,
    GET_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    RESTORE_EXPERIMENT,
    SEARCH_EXPERIMENT_OVERVIEWS,
    SEARCH_EXPERIMENTS,
    SET_EXPERIMENT_TAG,
    UPDATE_EXPERIMENT,
    CreateExperiment,
    DeleteExperimentTag,
    ExperimentId,
    ExperimentName,
    ExperimentOverview,
    ExperimentOverviewsPage,
    ExperimentsPage,
    OneExperiment,
    SearchExperimentOverviews,
    SearchExperiments,
    SetExperimentTag,
    UpdateExperiment,
)

MAX_NAME_CHARS = 500


def ensure_default(context: Context) -> None:
    """Create the experiment that runs belong to where nothing else is said, at the first start."""
    default_id = int(DEFAULT_EXPERIMENT_ID)
    if experiments.find(context.transaction, default_id) is not None:
        return
    try:
        experiments.create(
            context.transaction,
            DEFAULT_EXPERIMENT_NAME,
            lambda new_id: context.locations.of_experiment(new_id, ""),
            context.now_ms,
            default_id,
        )
    except AlreadyExists:
        if experiments.find(context.transaction, default_id) is None:
            raise
        # else another server, which starts at the same time, created it between the two


def get_active(context: Context, experiment_id: str) -> ExperimentRow:
    """The experiment with an id, which is not in the trash.

    Raises:
        NotFound: No such experiment.
        InvalidRequest: It is deleted.
    """
    row = experiments.get(context.transaction, rules.experiment_id(experiment_id))
    if row.is_deleted:
        raise InvalidRequest(
            f"The experiment {row.name!r} is deleted; it must be in the 'active' state. Restore it first."
        )
    return row


@serve(CREATE_EXPERIMENT, needs=Permission.EDIT, journaled=True)
def create_experiment(context: Context, request: CreateExperiment) -> ExperimentId:
    """Create an experiment.

    Raises:
        AlreadyExists: The name is taken, perhaps by a deleted experiment.
        InvalidRequest: The name, a tag or the artifact location is not allowed.
    """
    _check_name(request.name)
    row = experiments.create(
        context.transaction,
        request.name,
        lambda new_id: context.locations.of_experiment(new_id, request.artifact_location),
        context.now_ms,
    )
    for tag in request.tags:
        _set_tag(context, row, tag.key, tag.value)
    context.changed(row.experiment_id, None, "experiment")
    return ExperimentId(experiment_id=str(row.experiment_id))


@serve(GET_EXPERIMENT, needs=Permission.READ)
def get_experiment(context: Context, request: ExperimentId) -> OneExperiment:
    """One experiment, deleted or not, by id."""
    row = experiments.get(context.transaction, rules.experiment_id(request.experiment_id))
    return OneExperiment(experiment=experiments.as_entities(context.transaction, [row])[0])


@serve(GET_EXPERIMENT_BY_NAME, needs=Permission.READ)
def get_experiment_by_name(context: Context, request: ExperimentName) -> OneExperiment:
    """One experiment, deleted or not, by name."""
    row = experiments.find_by_name(context.transaction, request.experiment_name)
    if row is None:
        raise NotFound(f"No experiment is named {request.experiment_name!r}.")
    return OneExperiment(experiment=experiments.as_entities(context.transaction, [row])[0])


@serve(SEARCH_EXPERIMENTS, needs=Permission.READ)
def search_experiments(context: Context, request: SearchExperiments) -> ExperimentsPage:
    """A page of experiments that match."""
    size = rules.page_size(request.max_results)
    rows, token = _page(context, request, size)
    return ExperimentsPage(
        experiments=experiments.as_entities(context.transaction, rows), next_page_token=token
    )


@serve(SEARCH_EXPERIMENT_OVERVIEWS, needs=Permission.READ)
def search_overviews(context: Context, request: SearchExperimentOverviews) -> ExperimentOverviewsPage:
    """A page of experiments that match, with the numbers of their runs."""
    size = rules.page_size(request.max_results, maximum=1000)
    rows, token = _page(context, request, size)
    counts = experiments.run_counts(context.transaction, [row.experiment_id for row in rows])
    overviews = []
    for row, entity in zip(rows, experiments.as_entities(context.transaction, rows), strict=True):
        by_status = counts.get(row.experiment_id, [])
        overviews.append(
            ExperimentOverview(
                experiment=entity,
                n_runs=sum(n for _, n, _ in by_status),
                n_running=sum(n for status, n, _ in by_status if status == RunStatus.RUNNING.number),
                last_start_time=max((newest for _, _, newest in by_status), default=None),
                last_activity_time=row.active_ms,
            )
        )
    return ExperimentOverviewsPage(experiments=tuple(overviews), next_page_token=token)


@serve(UPDATE_EXPERIMENT, needs=Permission.EDIT)
def update_experiment(context: Context, request: UpdateExperiment) -> Empty:
    """Rename an experiment that is not deleted."""
    _check_name(request.new_name)
    row = get_active(context, request.experiment_id)
    experiments.rename(context.transaction, row.experiment_id, request.new_name, context.now_ms)
    context.changed(row.experiment_id, None, "experiment")
    return Empty()


@serve(DELETE_EXPERIMENT, needs=Permission.EDIT)
def delete_experiment(context: Context, request: ExperimentId) -> Empty:
    """Put an experiment and its runs into the trash.

    Raises:
        NotFound: No such experiment, or it is there already.
    """
    row = experiments.get(context.transaction, rules.experiment_id(request.experiment_id))
    if row.is_deleted:
        raise NotFound(f"The experiment {row.name!r} is deleted already.")
    return _mark(context, row, is_deleted=True)


@serve(RESTORE_EXPERIMENT, needs=Permission.EDIT)
def restore_experiment(context: Context, request: ExperimentId) -> Empty:
    """Take an experiment and all its runs out of the trash.

    Raises:
        NotFound: No such experiment, or it is not there.
    """
    row = experiments.get(context.transaction, rules.experiment_id(request.experiment_id))
    if not row.is_deleted:
        raise NotFound(f"The experiment {row.name!r} is not deleted.")
    return _mark(context, row, is_deleted=False)


@serve(SET_EXPERIMENT_TAG, needs=Permission.EDIT)
def set_experiment_tag(context: Context, request: SetExperimentTag) -> Empty:
    """Set one tag of an experiment that is not deleted."""
    row = get_active(context, request.experiment_id)
    _set_tag(context, row, request.key, request.value)
    context.changed(row.experiment_id, None, "experiment")
    return Empty()


@serve(DELETE_EXPERIMENT_TAG, needs=Permission.EDIT)
def delete_experiment_tag(context: Context, request: DeleteExperimentTag) -> Empty:
    """Delete one tag of an experiment that is not deleted.

    Raises:
        NotFound: It has no such tag.
    """
    row = get_active(context, request.experiment_id)
    if not experiments.delete_tag(context.transaction, row.experiment_id, request.key):
        raise NotFound(f"The experiment {row.name!r} has no tag {request.key!r}.")
    context.changed(row.experiment_id, None, "experiment")
    return Empty()


def _page(
    context: Context, request: SearchExperiments | SearchExperimentOverviews, size: int
) -> tuple[list[ExperimentRow], str | None]:
    order = experiment_search.parsed_order(request.order_by)
    found = experiment_search.find_page(
        context.transaction,
        request.filter,
        order,
        request.view_type,
        now_ms=context.now_ms,
        after=page_place(request.page_token, order, experiment_search.TABLES),
        limit=size + 1,
    )
    is_last = len(found) <= size
    token = None if is_last else page_token(found[size - 1].place, order, experiment_search.TABLES)
    return [one.row for one in found[:size]], token


def _check_name(name: str) -> None:
    if not name.strip():
        raise InvalidRequest("An experiment needs a name; it may not be blank.")
    rules.check_length("An experiment's name", name, MAX_NAME_CHARS)


def _set_tag(context: Context, row: ExperimentRow, key: str, value: str) -> None:
    check_key("tag", key)
    rules.check_length(f"The value of the tag {key!r}", value, MAX_EXPERIMENT_TAG_CHARS)
    experiments.set_tag(context.transaction, row.experiment_id, key, value)


def _mark(context: Context, row: ExperimentRow, *, is_deleted: bool) -> Empty:
    experiments.mark(context.transaction, row.experiment_id, is_deleted=is_deleted, now_ms=context.now_ms)
    context.changed(row.experiment_id, None, "experiment", "run")
    return Empty()
