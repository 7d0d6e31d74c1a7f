"""What can be done with logged models."""

from __future__ import annotations

import re
import secrets

from fluvial.artifacts import checked_folder
from fluvial.entities.keys import check_key
from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.run_names import new_run_name
from fluvial.entities.tag import MAX_PARAM_CHARS, MAX_RUN_TAG_CHARS, Param, Tag
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.artifacts import RunFolder, page_of_files
from fluvial.services.context import Context, Permission
from fluvial.services.events import Change
from fluvial.services.experiments import get_active
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.routes import serve
from fluvial.store import logged_model_search, logged_models
from fluvial.store.logged_models import LoggedModelRow
from fluvial.wire.endpoint import Empty
from fluvial.wire.logged_models import (
    CREATE_LOGGED_MODEL,
    DELETE_LOGGED_MODEL,
    DELETE_LOGGED_MODEL_TAG,
    FINALIZE_LOGGED_MODEL,
    GET_LOGGED_MODEL,
    LIST_LOGGED_MODEL_ARTIFACTS,
    LOG_LOGGED_MODEL_PARAMS,
    SEARCH_LOGGED_MODELS,
    SET_LOGGED_MODEL_TAGS,
    CreateLoggedModel,
    DeleteLoggedModelTag,
    FinalizeLoggedModel,
    ListLoggedModelArtifacts,
    LoggedModelArtifacts,
    LoggedModelId,
    LoggedModelsPage,
    LogLoggedModelParams,
    OneLoggedModel,
    SearchLoggedModels,
    SetLoggedModelTags,
)

MAX_NAME_CHARS = 500
MAX_TYPE_CHARS = 500
_NOT_IN_NAME = re.compile(r"""[/:.%"']""")


@serve(CREATE_LOGGED_MODEL, needs=Permission.EDIT)
def create_logged_model(context: Context, request: CreateLoggedModel) -> OneLoggedModel:
    """Make a logged model that waits for its files.

    Raises:
        NotFound: No such experiment.
        InvalidRequest: The experiment is deleted, or a name is not allowed.
    """
    experiment = get_active(context, request.experiment_id)
    rules.check_length("A logged model's type", request.model_type, MAX_TYPE_CHARS)
    if request.source_run_id:
        rules.check_run_id(request.source_run_id)
    model_id = f"m-{secrets.token_hex(16)}"
    row = LoggedModelRow(
        experiment_id=experiment.experiment_id,
        model_key=context.transaction.database.ids.next(),
        model_id=model_id,
        name=_checked_name(request.name) if request.name else new_run_name(),
        model_type=request.model_type,
        source_run_id=request.source_run_id,
        status=LoggedModelStatus.PENDING.number,
        artifact_uri=context.locations.of_model(experiment.artifact_location, model_id),
        is_deleted=0,
        created_ms=context.now_ms,
        updated_ms=context.now_ms,
    )
    logged_models.add(context.transaction, row)
    _set_tags(context, row, request.tags)
    _add_params(context, row, request.params)
    return _answer(context, row)


@serve(GET_LOGGED_MODEL, needs=Permission.READ)
def get_logged_model(context: Context, request: LoggedModelId) -> OneLoggedModel:
    """One logged model.

    Raises:
        NotFound: No such model, or it is deleted.
    """
    row = logged_models.get(context.transaction, request.model_id)
    return OneLoggedModel(model=logged_models.as_entities(context.transaction, [row])[0])


@serve(FINALIZE_LOGGED_MODEL, needs=Permission.EDIT)
def finalize_logged_model(context: Context, request: FinalizeLoggedModel) -> OneLoggedModel:
    """Note whether the files of a model have arrived."""
    row = logged_models.get(context.transaction, request.model_id)
    row = row._replace(status=request.status.number, updated_ms=context.now_ms)
    logged_models.save(context.transaction, row)
    return _answer(context, row)


@serve(DELETE_LOGGED_MODEL, needs=Permission.EDIT)
def delete_logged_model(context: Context, request: LoggedModelId) -> Empty:
    """Delete a model; one that is deleted stays so. Its files stay until they are purged.

    Raises:
        NotFound: No such model.
    """
    row = logged_models.find(context.transaction, request.model_id)
    if row is None:
        raise NotFound(f"No logged model has the id {request.model_id[:100]!r}.")
    logged_models.save(context.transaction, row._replace(is_deleted=1, updated_ms=context.now_ms))
    context.changed(row.experiment_id, row.source_run_id or None, "models")
    return Empty()


@serve(SET_LOGGED_MODEL_TAGS, needs=Permission.EDIT)
def set_logged_model_tags(context: Context, request: SetLoggedModelTags) -> Empty:
    """Set tags of a model."""
    row = logged_models.get(context.transaction, request.model_id)
    _set_tags(context, row, request.tags)
    context.changed(row.experiment_id, row.source_run_id or None, "models")
    return Empty()


@serve(DELETE_LOGGED_MODEL_TAG, needs=Permission.EDIT)
def delete_logged_model_tag(context: Context, request: DeleteLoggedModelTag) -> Empty:
    """Delete one tag of a model.

    Raises:
        NotFound: It has no such tag.
    """
    row = logged_models.get(context.transaction, request.model_id)
    if not logged_models.delete_tag(context.transaction, row, request.tag_key):
        raise NotFound(f"The logged model {row.model_id!r} has no tag {request.tag_key!r}.")
    context.changed(row.experiment_id, row.source_run_id or None, "models")
    return Empty()


@serve(LOG_LOGGED_MODEL_PARAMS, needs=Permission.EDIT)
def log_logged_model_params(context: Context, request: LogLoggedModelParams) -> Empty:
    """Add params to a model.

    Raises:
        InvalidRequest: One is there with another value.
    """
    row = logged_models.get(context.transaction, request.model_id)
    _add_params(context, row, request.params)
    context.changed(row.experiment_id, row.source_run_id or None, "models")
    return Empty()


@serve(SEARCH_LOGGED_MODELS, needs=Permission.READ)
def search_logged_models(context: Context, request: SearchLoggedModels) -> LoggedModelsPage:
    """A page of logged models that match.

    Raises:
        InvalidRequest: An experiment id is none, or the page token is of another search.
        InvalidFilter: The filter or an order cannot be understood.
    """
    experiment_ids = rules.experiment_ids(request.experiment_ids)
    size = rules.page_size(request.max_results)
    ordering = logged_model_search.ordering(
        [
            (
                order.field_name,
                order.ascending,
                (order.dataset_name, order.dataset_digest) if order.dataset_name else None,
            )
            for order in request.order_by
        ],
        [(dataset.dataset_name, dataset.dataset_digest) for dataset in request.datasets],
    )
    found = logged_model_search.find_page(
        context.transaction,
        experiment_ids,
        request.filter,
        ordering,
        now_ms=context.now_ms,
        after=page_place(request.page_token, ordering.sort_keys, ordering.tables),
        limit=size + 1,
    )
    is_last = len(found) <= size
    return LoggedModelsPage(
        models=logged_models.as_entities(context.transaction, [one.row for one in found[:size]]),
        next_page_token=None
        if is_last
        else page_token(found[size - 1].place, ordering.sort_keys, ordering.tables),
    )


def folder_of_model(context: Context, model_id: str) -> RunFolder:
    """The files of a logged model.

    Raises:
        NotFound: No such model, or it is deleted.
        PermissionDenied: They are where the server does not go.
    """
    row = logged_models.get(context.transaction, model_id)
    return RunFolder(
        row.artifact_uri,
        context.locations.find(row.artifact_uri),
        Change(str(row.experiment_id), row.source_run_id or None, ("models",)),
    )


@serve(LIST_LOGGED_MODEL_ARTIFACTS, needs=Permission.READ)
def list_logged_model_artifacts(context: Context, request: ListLoggedModelArtifacts) -> LoggedModelArtifacts:
    """One level of a model's files, by name."""
    folder = checked_folder(request.artifact_directory_path)
    row = logged_models.get(context.transaction, request.model_id)
    files, token = page_of_files(context.locations.find(row.artifact_uri), folder, request.page_token)
    return LoggedModelArtifacts(root_uri=row.artifact_uri, files=files, next_page_token=token)


def _answer(context: Context, row: LoggedModelRow) -> OneLoggedModel:
    context.changed(row.experiment_id, row.source_run_id or None, "models")
    return OneLoggedModel(model=logged_models.as_entities(context.transaction, [row])[0])


def _checked_name(name: str) -> str:
    rules.check_length("The name of a logged model", name, MAX_NAME_CHARS)
    if not name.strip() or _NOT_IN_NAME.search(name):
        raise InvalidRequest(
            f"The name of a logged model has none of / : . % \" ' and is not blank: {name!r}."
        )
    return name


def _set_tags(context: Context, row: LoggedModelRow, given: tuple[Tag, ...]) -> None:
    tags = {}
    for tag in given:
        check_key("tag", tag.key)
        tags[tag.key] = rules.cut("the tag", tag.key, tag.value, MAX_RUN_TAG_CHARS)
    logged_models.set_tags(context.transaction, row, tags)


def _add_params(context: Context, row: LoggedModelRow, given: tuple[Param, ...]) -> None:
    params = {}
    for param in given:
        check_key("param", param.key)
        params[param.key] = rules.cut("the param", param.key, param.value, MAX_PARAM_CHARS)
    for key, kept in logged_models.add_params(context.transaction, row, params).items():
        raise InvalidRequest(
            f"The param {key!r} of the logged model {row.model_id!r} is {kept[:200]!r} and cannot become "
            f"{params[key][:200]!r}: params are written once."
        )
