"""What can be done with runs."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from fluvial.entities.dataset import (
    MAX_DATASET_DIGEST_CHARS,
    MAX_DATASET_NAME_CHARS,
    MAX_DATASET_PROFILE_CHARS,
    MAX_DATASET_SCHEMA_CHARS,
    MAX_DATASET_SOURCE_CHARS,
    MAX_INPUT_TAG_KEY_CHARS,
    MAX_INPUT_TAG_VALUE_CHARS,
    DatasetInput,
)
from fluvial.entities.keys import check_key
from fluvial.entities.run import LOGGED_MODELS_TAG, NAME_TAG, Run, RunOutputs, RunStatus
from fluvial.entities.run_names import new_run_name
from fluvial.entities.tag import MAX_PARAM_CHARS, MAX_RUN_TAG_CHARS, Param, Tag
from fluvial.errors import InvalidRequest, NotFound, RequestError
from fluvial.services import heartbeats, rules
from fluvial.services.context import Context, Permission
from fluvial.services.experiments import get_active
from fluvial.services.metric_points import append_points, check_point
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.routes import serve
from fluvial.store import experiments, inputs, keys, params, run_search, runs
from fluvial.store.experiments import ExperimentRow
from fluvial.store.keys import Kind
from fluvial.store.run_fields import TABLES
from fluvial.store.runs import RunRow
from fluvial.store.selection import parse as parse_selection
from fluvial.wire.endpoint import Empty
from fluvial.wire.runs import (
    COUNT_RUNS,
    CREATE_RUN,
    DELETE_RUN,
    DELETE_TAG,
    GET_RUN,
    LIST_RUN_COLUMNS,
    LOG_BATCH,
    LOG_INPUTS,
    LOG_METRIC,
    LOG_MODEL,
    LOG_OUTPUTS,
    LOG_PARAM,
    RESTORE_RUN,
    SEARCH_RUNS,
    SET_TAG,
    START_RUN,
    UPDATE_RUN,
    Count,
    CountRuns,
    CreateRun,
    DeleteTag,
    ListRunColumns,
    LogBatch,
    LogInputs,
    LogMetric,
    LogModel,
    LogOutputs,
    LogParam,
    OneRun,
    RunColumns,
    RunId,
    RunsPage,
    SearchRuns,
    SetTag,
    StartRun,
    UpdatedRun,
    UpdateRun,
)

MAX_BATCH_METRICS = 1000
MAX_BATCH_PARAMS = 100
MAX_BATCH_TAGS = 100
MAX_BATCH = 1000
MAX_DATASETS = 1000


@serve(CREATE_RUN, needs=Permission.EDIT)
def create_run(context: Context, request: CreateRun) -> OneRun:
    """Start a run under a new id.

    Raises:
        NotFound: No such experiment.
        InvalidRequest: The experiment is deleted, or the name and its tag differ.
    """
    experiment = get_active(context, request.experiment_id)
    row = _start(context, experiment, secrets.token_hex(16), request)
    return OneRun(run=_without_outputs(context, row))


@serve(START_RUN, needs=Permission.EDIT, journaled=True)
def start_run(context: Context, request: StartRun) -> OneRun:
    """Start a run under the caller's id; a run that is there already is left as it is.

    Raises:
        NotFound: No such experiment.
        InvalidRequest: The experiment is deleted, or the id has another form.
    """
    rules.check_new_run_id(request.run_id)
    row = runs.find(context.transaction, request.run_id)
    if row is None:
        row = _start(context, _find_or_create(context, request), request.run_id, request)
        if request.beats:
            heartbeats.watch(context, row)
    return OneRun(run=_without_outputs(context, row))


@serve(GET_RUN, needs=Permission.READ)
def get_run(context: Context, request: RunId) -> OneRun:
    """One run, deleted or not."""
    rules.check_run_id(request.run_id)
    row = runs.get(context.transaction, request.run_id)
    return OneRun(run=runs.as_entities(context.transaction, [row])[0])


@serve(UPDATE_RUN, needs=Permission.EDIT, journaled=True)
def update_run(context: Context, request: UpdateRun) -> UpdatedRun:
    """Change the status, the end or the name of a run that is not deleted."""
    row = runs.get_active(context.transaction, request.run_id)
    if request.status is not None:
        heartbeats.settle(context, row, request.status)
        row = row._replace(status=request.status.number)
    if request.end_time is not None:
        _check_time("end_time", request.end_time)
        row = row._replace(end_ms=request.end_time)
    if request.run_name:
        row = row._replace(name=_run_name(request.run_name))
        params.set_tags(context.transaction, row, {NAME_TAG: row.name})
    runs.save(context.transaction, row)
    context.changed(row.experiment_id, row.run_id, "run")
    return UpdatedRun(run_info=runs.as_info(row))


@serve(DELETE_RUN, needs=Permission.EDIT)
def delete_run(context: Context, request: RunId) -> Empty:
    """Put a run into the trash; one that is there stays there."""
    return _mark(context, request.run_id, is_deleted=True)


@serve(RESTORE_RUN, needs=Permission.EDIT)
def restore_run(context: Context, request: RunId) -> Empty:
    """Take a run out of the trash.

    Raises:
        InvalidRequest: Its experiment is in the trash.
    """
    return _mark(context, request.run_id, is_deleted=False)


def log_metrics(context: Context, requests: Sequence[LogMetric]) -> list[Empty | RequestError]:
    """Append one point each; what is wrong with one is found before anything is written."""
    rows = {row.run_id: row for row in runs.find_all(context.transaction, {each.run_id for each in requests})}
    outcomes: list[Empty | RequestError] = []
    sound: dict[RunRow, list[LogMetric]] = defaultdict(list)
    for request in requests:
        try:
            row = runs.active(rows.get(request.run_id), request.run_id)
            check_point(request)
        except (InvalidRequest, NotFound) as error:
            outcomes.append(error)
        else:
            outcomes.append(Empty())
            sound[row].append(request)
    append_points(context, sound)
    return outcomes


@serve(LOG_METRIC, needs=Permission.EDIT, together=log_metrics)
def log_metric(context: Context, request: LogMetric) -> Empty:
    """Append one point to a run that is not deleted."""
    append_points(context, {runs.get_active(context.transaction, request.run_id): [request]})
    return Empty()


@serve(LOG_PARAM, needs=Permission.EDIT, journaled=True)
def log_param(context: Context, request: LogParam) -> Empty:
    """Set one param of a run that is not deleted.

    Raises:
        InvalidRequest: It has another value already.
    """
    row = runs.get_active(context.transaction, request.run_id)
    _add_params(context, row, [Param(key=request.key, value=request.value)])
    return Empty()


@serve(LOG_BATCH, needs=Permission.EDIT, journaled=True)
def log_batch(context: Context, request: LogBatch) -> Empty:
    """Append metrics, params and tags to a run that is not deleted, all or none.

    Raises:
        NotFound: No such run.
        InvalidRequest: Too much at once, a name or value is not allowed, or a param would change.
    """
    _check_batch_size(request)
    rules.check_run_id(request.run_id)
    row = runs.get_active(context.transaction, request.run_id)
    keys = [param.key for param in request.params]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidRequest(f"The param {twice!r} is in the batch more than once.")
    if request.params:
        _add_params(context, row, request.params)
    if request.metrics:
        append_points(context, {row: request.metrics})
    if request.tags:
        _set_tags(context, row, request.tags)
    return Empty()


@serve(SET_TAG, needs=Permission.EDIT, journaled=True)
def set_tag(context: Context, request: SetTag) -> Empty:
    """Set one tag of a run that is not deleted; the tag `mlflow.runName` renames it."""
    row = runs.get_active(context.transaction, request.run_id)
    _set_tags(context, row, [Tag(key=request.key, value=request.value)])
    return Empty()


@serve(DELETE_TAG, needs=Permission.EDIT, journaled=True)
def delete_tag(context: Context, request: DeleteTag) -> Empty:
    """Delete one tag of a run that is not deleted.

    Raises:
        NotFound: It has no such tag.
    """
    row = runs.get_active(context.transaction, request.run_id)
    if not params.delete_tag(context.transaction, row, request.key):
        raise NotFound(f"The run {request.run_id!r} has no tag {request.key!r}.")
    context.changed(row.experiment_id, row.run_id, "tags")
    return Empty()


@serve(LOG_INPUTS, needs=Permission.EDIT, journaled=True)
def log_inputs(context: Context, request: LogInputs) -> Empty:
    """Record datasets and models that a run read."""
    if len(request.datasets) > MAX_DATASETS:
        raise InvalidRequest(f"A call records up to {MAX_DATASETS} datasets, not {len(request.datasets)}.")
    for given in request.datasets:
        _check_dataset(given)
    row = runs.get_active(context.transaction, request.run_id)
    inputs.add_datasets(context.transaction, row.experiment_id, row.run_key, request.datasets)
    inputs.add_models(context.transaction, row.experiment_id, row.run_key, request.models)
    context.changed(row.experiment_id, row.run_id, "inputs")
    return Empty()


@serve(LOG_OUTPUTS, needs=Permission.EDIT, journaled=True)
def log_outputs(context: Context, request: LogOutputs) -> Empty:
    """Record models that a run made."""
    for model in request.models:
        rules.check_int64("The step of a model", model.step)
    row = runs.get_active(context.transaction, request.run_id)
    inputs.add_models(context.transaction, row.experiment_id, row.run_key, request.models)
    context.changed(row.experiment_id, row.run_id, "inputs")
    return Empty()


@serve(LOG_MODEL, needs=Permission.EDIT)
def log_model(context: Context, request: LogModel) -> Empty:
    """Record a model the way clients before logged models did: in a tag that lists them.

    Raises:
        InvalidRequest: The JSON is no description of a model.
    """
    try:
        model = json.loads(request.model_json)
    except ValueError as error:
        raise InvalidRequest(f"model_json is not valid JSON: {error}.") from error
    missing = {"artifact_path", "flavors", "utc_time_created", "run_id"} - set(
        model if isinstance(model, dict) else ()
    )
    if missing:
        raise InvalidRequest(f"model_json lacks {', '.join(sorted(missing))}.")
    row = runs.get_active(context.transaction, request.run_id)
    history = json.loads(params.find_tag(context.transaction, row, LOGGED_MODELS_TAG) or "[]")
    history.append(model)
    params.set_tags(context.transaction, row, {LOGGED_MODELS_TAG: json.dumps(history)})
    context.changed(row.experiment_id, row.run_id, "tags")
    return Empty()


@serve(SEARCH_RUNS, needs=Permission.READ)
def search_runs(context: Context, request: SearchRuns) -> RunsPage:
    """A page of runs that match, with everything that was logged but the metrics' history."""
    size = rules.page_size(request.max_results)
    selection = parse_selection(request.select)
    order = run_search.parsed_order(request.order_by)
    found = run_search.find_page(
        context.transaction,
        run_search.Search.of(
            rules.experiment_ids(request.experiment_ids),
            request.filter,
            request.run_view_type,
            context.now_ms,
        ),
        order,
        after=page_place(request.page_token, order, TABLES),
        limit=size + 1,
    )
    token = page_token(found[size - 1].place, order, TABLES) if len(found) > size else None
    rows = [one.row for one in found[:size]]
    return RunsPage(runs=runs.as_entities(context.transaction, rows, selection), next_page_token=token)


@serve(COUNT_RUNS, needs=Permission.READ)
def count_runs(context: Context, request: CountRuns) -> Count:
    """How many runs match."""
    experiment_ids = rules.experiment_ids(request.experiment_ids)
    search = run_search.Search.of(experiment_ids, request.filter, request.run_view_type, context.now_ms)
    return Count(count=run_search.count(context.transaction, search))


@serve(LIST_RUN_COLUMNS, needs=Permission.READ)
def list_run_columns(context: Context, request: ListRunColumns) -> RunColumns:
    """The names of params, metrics and tags that runs of some experiments have."""
    n = request.max_names
    if n is not None and n < 0:
        raise InvalidRequest(f"max_names is 0 or more, not {n}.")
    found = keys.columns_of(context.transaction, rules.experiment_ids(request.experiment_ids))
    wanted = request.name_contains.casefold()
    if wanted:
        found = {
            kind: tuple(name for name in names if wanted in name.casefold()) for kind, names in found.items()
        }
    return RunColumns(
        params=found[Kind.PARAM][:n],
        metrics=found[Kind.METRIC][:n],
        tags=found[Kind.TAG][:n],
        n_params=len(found[Kind.PARAM]),
        n_metrics=len(found[Kind.METRIC]),
        n_tags=len(found[Kind.TAG]),
    )


def _find_or_create(context: Context, request: StartRun) -> ExperimentRow:
    if not request.experiment_name:
        return get_active(context, request.experiment_id or "0")
    row = experiments.find_or_create(
        context.transaction,
        request.experiment_name,
        lambda new_id: context.locations.of_experiment(new_id, ""),
        context.now_ms,
    )
    context.changed(row.experiment_id, None, "experiment")
    return get_active(context, str(row.experiment_id))


def _start(context: Context, experiment: ExperimentRow, run_id: str, request: CreateRun | StartRun) -> RunRow:
    labels = {tag.key: tag.value for tag in request.tags}
    name, start_ms = request.run_name, request.start_time
    if name and labels.get(NAME_TAG, name) != name:
        raise InvalidRequest(
            f"The run's name {name!r} and its tag {NAME_TAG} {labels[NAME_TAG]!r} differ: give one."
        )
    if start_ms is not None:
        _check_time("start_time", start_ms)
    chosen = _run_name(name or labels.get(NAME_TAG) or new_run_name())
    row = RunRow(
        experiment_id=experiment.experiment_id,
        run_key=context.transaction.database.ids.next(),
        run_id=run_id,
        name=chosen,
        user_id=request.user_id,
        status=RunStatus.RUNNING.number,
        is_deleted=0,
        start_ms=context.now_ms if start_ms is None else start_ms,
        end_ms=None,
        artifact_uri=context.locations.of_run(experiment.artifact_location, run_id),
    )
    if not runs.insert_new(context.transaction, row):
        return runs.get(context.transaction, run_id)  # somebody else started it just now
    experiments.record_activity(context.transaction, experiment, context.now_ms)
    labels[NAME_TAG] = chosen
    for key in labels:
        check_key("tag", key)
    params.set_tags(
        context.transaction,
        row,
        {key: rules.cut("the tag", key, value, MAX_RUN_TAG_CHARS) for key, value in labels.items()},
    )
    context.changed(row.experiment_id, run_id, "run")
    return row


def _without_outputs(context: Context, row: RunRow) -> Run:
    """A run as the answer to its creation has it: without the key `outputs`."""
    run = runs.as_entities(context.transaction, [row])[0]
    return run if run.outputs != RunOutputs() else replace(run, outputs=None)


def _run_name(name: str) -> str:
    return rules.cut("the tag", NAME_TAG, name, MAX_RUN_TAG_CHARS)


def _check_time(what: str, value: int) -> None:
    if not 0 <= value < 2**63:
        raise InvalidRequest(f"{what} is in ms since the epoch, from 0; not {value}.")


def _mark(context: Context, run_id: str, *, is_deleted: bool) -> Empty:
    row = runs.get(context.transaction, run_id)
    if not is_deleted and experiments.get(context.transaction, row.experiment_id).is_deleted:
        raise InvalidRequest(f"The experiment of the run {run_id!r} is deleted: restore that first.")
    runs.save(context.transaction, row._replace(is_deleted=int(is_deleted)))
    context.changed(row.experiment_id, run_id, "run")
    return Empty()


def _check_batch_size(request: LogBatch) -> None:
    counts = {
        "metrics": (len(request.metrics), MAX_BATCH_METRICS),
        "params": (len(request.params), MAX_BATCH_PARAMS),
        "tags": (len(request.tags), MAX_BATCH_TAGS),
        "entries in all": (len(request.metrics) + len(request.params) + len(request.tags), MAX_BATCH),
    }
    for what, (n, limit) in counts.items():
        if n > limit:
            raise InvalidRequest(f"A batch has up to {limit} {what}, not {n}: send more batches.")


def _add_params(context: Context, row: RunRow, given: Sequence[Param]) -> None:
    values = {}
    for param in given:
        check_key("param", param.key)
        values[param.key] = rules.cut("the param", param.key, param.value, MAX_PARAM_CHARS)
    conflicts = params.add(context.transaction, row, values)
    for key, kept in conflicts.items():
        raise InvalidRequest(
            f"The param {key!r} of the run {row.run_id!r} is {kept[:200]!r} and cannot become "
            f"{values[key][:200]!r}: params are written once. Log it under another name, or as a tag."
        )
    context.changed(row.experiment_id, row.run_id, "params")


def _set_tags(context: Context, row: RunRow, given: Sequence[Tag]) -> None:
    values = {}
    for tag in given:
        check_key("tag", tag.key)
        values[tag.key] = rules.cut("the tag", tag.key, tag.value, MAX_RUN_TAG_CHARS)
    params.set_tags(context.transaction, row, values)
    if NAME_TAG in values:
        runs.save(context.transaction, row._replace(name=values[NAME_TAG]))
    context.changed(row.experiment_id, row.run_id, "tags")


def _check_dataset(given: DatasetInput) -> None:
    dataset = given.dataset
    for what, value, limit in (
        ("A dataset's name", dataset.name, MAX_DATASET_NAME_CHARS),
        ("A dataset's digest", dataset.digest, MAX_DATASET_DIGEST_CHARS),
        ("A dataset's source", dataset.source, MAX_DATASET_SOURCE_CHARS),
        ("A dataset's schema", dataset.schema or "", MAX_DATASET_SCHEMA_CHARS),
        ("A dataset's profile", dataset.profile or "", MAX_DATASET_PROFILE_CHARS),
        *(("An input tag's key", tag.key, MAX_INPUT_TAG_KEY_CHARS) for tag in given.tags),
        *(("An input tag's value", tag.value, MAX_INPUT_TAG_VALUE_CHARS) for tag in given.tags),
    ):
        rules.check_length(what, value, limit)
    if not dataset.name or not dataset.digest:
        raise InvalidRequest("A dataset needs a name and a digest.")
