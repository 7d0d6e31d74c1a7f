"""What can be done with versions of registered models."""

from __future__ import annotations

import json
from typing import Any

from fluvial.entities.logged_model import VERSIONS_TAG
from fluvial.entities.registered_model import PROMPT_TAG, Stage
from fluvial.entities.tag import Tag
from fluvial.search import MODEL_VERSIONS
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.model_sources import resolve, version_number
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.policies import initial_state
from fluvial.services.promotion_rules import permit, permit_deletion, permit_leaving
from fluvial.services.registered_models import checked_description, checked_stage, checked_tags
from fluvial.services.registry_moves import Change, forget_version, move_stage, record
from fluvial.services.routes import serve
from fluvial.services.webhook_events import tell
from fluvial.store import logged_models, model_versions, registered_models, registry_search
from fluvial.store.model_versions import VersionRow
from fluvial.store.registry_search import VERSION_TABLES
from fluvial.wire.endpoint import Empty
from fluvial.wire.model_versions import (
    CREATE_MODEL_VERSION,
    DELETE_MODEL_VERSION,
    DELETE_MODEL_VERSION_TAG,
    GET_DOWNLOAD_URI,
    GET_MODEL_VERSION,
    SEARCH_MODEL_VERSIONS,
    SET_MODEL_VERSION_TAG,
    TRANSITION_STAGE,
    UPDATE_MODEL_VERSION,
    CreateModelVersion,
    DeleteModelVersionTag,
    DownloadUri,
    ModelVersionsPage,
    SearchModelVersions,
    SetModelVersionTag,
    TransitionStage,
    UpdateModelVersion,
    VersionName,
)
from fluvial.wire.registered_models import OneModelVersion
from fluvial.wire.webhooks import WebhookAction, WebhookEntity

MAX_PAGE = 200_000
MAX_LINK_CHARS = 2_000


@serve(CREATE_MODEL_VERSION, needs=Permission.EDIT)
def create_model_version(context: Context, request: CreateModelVersion) -> OneModelVersion:
    """Register a model as the next version.

    Raises:
        NotFound: No such registered model, run, logged model or version.
        InvalidRequest: The source may not be registered, or a tag is not allowed.
    """
    transaction = context.transaction
    registered = registered_models.get(transaction, request.name)
    tags = checked_tags(request.tags)
    is_prompt = tags.get(PROMPT_TAG) == "true"
    rules.check_length("The run_link of a version", request.run_link, MAX_LINK_CHARS)
    source = resolve(context, request, is_prompt=is_prompt)
    row = VersionRow(
        version_key=transaction.database.ids.next(),
        registered_id=registered.registered_id,
        name=registered.name,
        version=registered_models.next_version(transaction, registered, context.now_ms),
        is_prompt=int(is_prompt),
        source=source.source,
        storage_uri=source.storage_uri,
        run_id=source.run_id,
        run_link=request.run_link,
        model_id=source.model_id,
        description=checked_description(request.description),
        stage=Stage.NONE.number,
        state=initial_state(context, registered.registered_id),
        created_ms=context.now_ms,
        created_by=context.principal.name,
        updated_ms=context.now_ms,
    )
    model_versions.add(transaction, row)
    model_versions.set_tags(transaction, row, tags)
    if request.model_id:
        _note_registration(context, request.model_id, row)
    record(context, registered, Change("version", version=row.version, after=row.source))
    data = {"source": row.source, "run_id": row.run_id, "tags": tags, "description": row.description}
    _tell(context, WebhookEntity.MODEL_VERSION, WebhookAction.CREATED, row, data)
    return _answer(context, row)


@serve(GET_MODEL_VERSION, needs=Permission.READ)
def get_model_version(context: Context, request: VersionName) -> OneModelVersion:
    """One version."""
    return _answer(context, _get(context, request.name, request.version))


@serve(UPDATE_MODEL_VERSION, needs=Permission.EDIT)
def update_model_version(context: Context, request: UpdateModelVersion) -> OneModelVersion:
    """Describe a version anew."""
    before = _get(context, request.name, request.version)
    description = checked_description(request.description)
    row = before._replace(description=description, updated_ms=context.now_ms)
    model_versions.save(context.transaction, row)
    if (before.description or None) != (description or None):
        registered = registered_models.get(context.transaction, row.name)
        change = Change("description", "", row.version, before.description, description)
        record(context, registered, change)
    return _answer(context, row)


@serve(DELETE_MODEL_VERSION, needs=Permission.EDIT)
def delete_model_version(context: Context, request: VersionName) -> Empty:
    """Delete a version and the aliases that point at it; its number is not used again, its history stays.

    Raises:
        PermissionDenied: It stands where it takes approvals to take it away.
    """
    row = _get(context, request.name, request.version)
    registered = registered_models.get(context.transaction, row.name)
    permit_deletion(context, registered, row)
    forget_version(context, registered, row)
    return Empty()


@serve(TRANSITION_STAGE, needs=Permission.EDIT)
def transition_stage(context: Context, request: TransitionStage) -> OneModelVersion:
    """Move a version to one of MLflow's stages.

    Raises:
        PermissionDenied: A gate does not pass, or one of the two stages takes a promotion request.
    """
    stage = checked_stage(request.stage)
    row = _get(context, request.name, request.version)
    registered = registered_models.get(context.transaction, row.name)
    if stage.number != row.stage:
        permit_leaving(context, registered, row.version, "stage", Stage.from_number(row.stage))
    permit(context, registered, row, "stage", stage)
    moved = move_stage(context, registered, row, stage, archives_others=request.archive_existing_versions)
    return _answer(context, moved)


@serve(SEARCH_MODEL_VERSIONS, needs=Permission.READ)
def search_model_versions(context: Context, request: SearchModelVersions) -> ModelVersionsPage:
    """A page of versions that match."""
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    order = registry_search.parsed_order(request.order_by, MODEL_VERSIONS)
    found = registry_search.find_versions(
        context.transaction,
        request.filter,
        order,
        now_ms=context.now_ms,
        after=page_place(request.page_token, order, VERSION_TABLES),
        limit=size + 1,
    )
    is_last = len(found) <= size
    return ModelVersionsPage(
        model_versions=model_versions.as_entities(context.transaction, [one.row for one in found[:size]]),
        next_page_token=None if is_last else page_token(found[size - 1].place, order, VERSION_TABLES),
    )


@serve(GET_DOWNLOAD_URI, needs=Permission.READ)
def get_download_uri(context: Context, request: VersionName) -> DownloadUri:
    """Where the files of a version are kept; a source `runs:/…` stays one, which clients resolve."""
    row = _get(context, request.name, request.version)
    is_resolved = row.source.startswith("models:/")
    return DownloadUri(artifact_uri=row.storage_uri if is_resolved else row.source)


@serve(SET_MODEL_VERSION_TAG, needs=Permission.EDIT)
def set_model_version_tag(context: Context, request: SetModelVersionTag) -> Empty:
    """Set one tag of a version."""
    tags = checked_tags([Tag(request.key, request.value)])
    row = _get(context, request.name, request.version)
    model_versions.set_tags(context.transaction, row, tags)
    if PROMPT_TAG in tags:
        model_versions.save(context.transaction, row._replace(is_prompt=int(tags[PROMPT_TAG] == "true")))
    data = {"key": request.key, "value": request.value}
    _tell(context, WebhookEntity.MODEL_VERSION_TAG, WebhookAction.SET, row, data)
    context.changed(None, None, "registry")
    return Empty()


@serve(DELETE_MODEL_VERSION_TAG, needs=Permission.EDIT)
def delete_model_version_tag(context: Context, request: DeleteModelVersionTag) -> Empty:
    """Delete one tag of a version; it may be gone already."""
    row = _get(context, request.name, request.version)
    model_versions.delete_tag(context.transaction, row, request.key)
    if request.key == PROMPT_TAG:
        model_versions.save(context.transaction, row._replace(is_prompt=0))
    _tell(context, WebhookEntity.MODEL_VERSION_TAG, WebhookAction.DELETED, row, {"key": request.key})
    context.changed(None, None, "registry")
    return Empty()


def _tell(
    context: Context,
    entity: WebhookEntity,
    action: WebhookAction,
    row: VersionRow,
    data: dict[str, Any],
) -> None:
    said = {"name": row.name, "version": str(row.version), **data}
    tell(context, entity, action, said, is_prompt=bool(row.is_prompt))


def _get(context: Context, name: str, version: str) -> VersionRow:
    return model_versions.get(context.transaction, name, version_number(version))


def _answer(context: Context, row: VersionRow) -> OneModelVersion:
    return OneModelVersion(model_version=model_versions.as_entities(context.transaction, [row])[0])


def _note_registration(context: Context, model_id: str, row: VersionRow) -> None:
    """Say on the logged model what it became, in the tag that MLflow's clients read."""
    model = logged_models.get(context.transaction, model_id)
    noted = logged_models.tags_of(context.transaction, model).get(VERSIONS_TAG, "[]")
    try:
        versions = json.loads(noted)
    except ValueError:  # anybody can set a tag
        versions = []
    versions = [*(versions if isinstance(versions, list) else []), {"name": row.name, "version": row.version}]
    logged_models.set_tags(context.transaction, model, {VERSIONS_TAG: json.dumps(versions)})
