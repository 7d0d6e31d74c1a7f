"""What can be done with registered models and their aliases."""

from __future__ import annotations

import re

from fluvial.entities.registered_model import (
    LATEST,
    MAX_ALIAS_CHARS,
    MAX_REGISTRY_TAG_CHARS,
    PROMPT_TAG,
    Stage,
)
from fluvial.entities.tag import MAX_KEY_CHARS, Tag
from fluvial.errors import InvalidRequest
from fluvial.search import REGISTERED_MODELS
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.model_sources import find_version, version_number
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.promotion_rules import (
    permit,
    permit_deletion,
    permit_leaving,
    states_with_approvals,
)
from fluvial.services.registry_moves import Change, forget_version, move_alias, record
from fluvial.services.routes import serve
from fluvial.services.webhook_events import tell
from fluvial.store import model_versions, registered_models, registry_search
from fluvial.store.registered_models import RegisteredRow
from fluvial.store.registry_search import MODEL_TABLES
from fluvial.wire.endpoint import Empty
from fluvial.wire.registered_models import (
    CREATE_REGISTERED_MODEL,
    DELETE_ALIAS,
    DELETE_REGISTERED_MODEL,
    DELETE_REGISTERED_MODEL_TAG,
    GET_ALIAS,
    GET_LATEST_VERSIONS,
    GET_REGISTERED_MODEL,
    RENAME_REGISTERED_MODEL,
    SEARCH_REGISTERED_MODELS,
    SET_ALIAS,
    SET_REGISTERED_MODEL_TAG,
    UPDATE_REGISTERED_MODEL,
    AliasName,
    CreateRegisteredModel,
    DeleteRegisteredModelTag,
    GetLatestVersions,
    ModelVersions,
    OneModelVersion,
    OneRegisteredModel,
    RegisteredModelName,
    RegisteredModelsPage,
    RenameRegisteredModel,
    SearchRegisteredModels,
    SetAlias,
    SetRegisteredModelTag,
    UpdateRegisteredModel,
)
from fluvial.wire.webhooks import WebhookAction, WebhookEntity

MAX_NAME_CHARS = 500
MAX_DESCRIPTION_CHARS = 100_000
MAX_PAGE = 1000
_ALIAS = re.compile(r"[\w-]+", re.ASCII)
_NUMBERED = re.compile(r"v\d+", re.IGNORECASE)


@serve(CREATE_REGISTERED_MODEL, needs=Permission.EDIT)
def create_registered_model(context: Context, request: CreateRegisteredModel) -> OneRegisteredModel:
    """Make a registered model.

    Raises:
        AlreadyExists: The name is taken.
        InvalidRequest: The name or a tag is not allowed.
    """
    tags = checked_tags(request.tags)
    row = RegisteredRow(
        registered_id=context.transaction.database.ids.next(),
        name=_checked_name(request.name),
        description=checked_description(request.description),
        is_prompt=int(tags.get(PROMPT_TAG) == "true"),
        last_version=0,
        created_ms=context.now_ms,
        created_by=context.principal.name,
        updated_ms=context.now_ms,
    )
    registered_models.add(context.transaction, row)
    registered_models.set_tags(context.transaction, row, tags)
    record(context, row, Change("model", after=row.name))
    data = {"name": row.name, "tags": tags, "description": row.description}
    is_prompt = bool(row.is_prompt)
    tell(context, WebhookEntity.REGISTERED_MODEL, WebhookAction.CREATED, data, is_prompt=is_prompt)
    return _answer(context, row)


@serve(GET_REGISTERED_MODEL, needs=Permission.READ)
def get_registered_model(context: Context, request: RegisteredModelName) -> OneRegisteredModel:
    """One registered model."""
    return _answer(context, registered_models.get(context.transaction, request.name))


@serve(RENAME_REGISTERED_MODEL, needs=Permission.EDIT)
def rename_registered_model(context: Context, request: RenameRegisteredModel) -> OneRegisteredModel:
    """Give a model, and its versions, another name.

    Raises:
        AlreadyExists: The name is taken.
    """
    before = registered_models.get(context.transaction, request.name)
    row = before._replace(name=_checked_name(request.new_name), updated_ms=context.now_ms)
    registered_models.rename(context.transaction, row)
    record(context, row, Change("name", before=before.name, after=row.name))
    return _answer(context, row)


@serve(UPDATE_REGISTERED_MODEL, needs=Permission.EDIT)
def update_registered_model(context: Context, request: UpdateRegisteredModel) -> OneRegisteredModel:
    """Describe a model anew."""
    before = registered_models.get(context.transaction, request.name)
    description = checked_description(request.description)
    row = before._replace(description=description, updated_ms=context.now_ms)
    registered_models.save(context.transaction, row)
    if before.description != description:
        record(context, row, Change("description", before=before.description, after=description))
    return _answer(context, row)


@serve(DELETE_REGISTERED_MODEL, needs=Permission.EDIT)
def delete_registered_model(context: Context, request: RegisteredModelName) -> Empty:
    """Delete a model with its versions; its history stays.

    Raises:
        PermissionDenied: A version stands where it takes approvals to take it away.
    """
    row = registered_models.get(context.transaction, request.name)
    numbers = [version.version for version in model_versions.latest(context.transaction, [row.registered_id])]
    aliases = registered_models.aliases_of(context.transaction, [row.registered_id])
    numbers += aliases.get(row.registered_id, {}).values()
    # Those that stand somewhere leave it, so that the history says until when; the others go with the model.
    for stage in (Stage.STAGING, Stage.PRODUCTION):
        there = model_versions.in_stage(context.transaction, row.registered_id, stage)
        numbers += [version.version for version in there]
    for state in states_with_approvals(context, row):
        there = model_versions.in_state(context.transaction, row.registered_id, state)
        numbers += [version.version for version in there]
    standing = model_versions.find_all(context.transaction, row.registered_id, sorted(set(numbers)))
    for version in standing:
        permit_deletion(context, row, version)
    for version in standing:
        forget_version(context, row, version)
    registered_models.remove(context.transaction, row)
    record(context, row, Change("model", before=row.name))
    return Empty()


@serve(SEARCH_REGISTERED_MODELS, needs=Permission.READ)
def search_registered_models(context: Context, request: SearchRegisteredModels) -> RegisteredModelsPage:
    """A page of registered models that match."""
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    order = registry_search.parsed_order(request.order_by, REGISTERED_MODELS)
    found = registry_search.find_models(
        context.transaction,
        request.filter,
        order,
        now_ms=context.now_ms,
        after=page_place(request.page_token, order, MODEL_TABLES),
        limit=size + 1,
    )
    is_last = len(found) <= size
    return RegisteredModelsPage(
        registered_models=registered_models.as_entities(
            context.transaction, [one.row for one in found[:size]]
        ),
        next_page_token=None if is_last else page_token(found[size - 1].place, order, MODEL_TABLES),
    )


@serve(GET_LATEST_VERSIONS, needs=Permission.READ)
def get_latest_versions(context: Context, request: GetLatestVersions) -> ModelVersions:
    """The newest version of each stage that was asked for, or of all that have some."""
    row = registered_models.get(context.transaction, request.name)
    wanted = {checked_stage(name).number for name in request.stages}
    found = model_versions.latest(context.transaction, [row.registered_id])
    chosen = [version for version in found if not wanted or version.stage in wanted]
    return ModelVersions(model_versions=model_versions.as_entities(context.transaction, chosen))


@serve(SET_REGISTERED_MODEL_TAG, needs=Permission.EDIT)
def set_registered_model_tag(context: Context, request: SetRegisteredModelTag) -> Empty:
    """Set one tag of a model."""
    tags = checked_tags([Tag(request.key, request.value)])
    row = registered_models.get(context.transaction, request.name)
    registered_models.set_tags(context.transaction, row, tags)
    if PROMPT_TAG in tags:
        registered_models.save(context.transaction, row._replace(is_prompt=int(tags[PROMPT_TAG] == "true")))
    _tell_of_prompt_tag(context, row, WebhookAction.SET, {"key": request.key, "value": request.value})
    context.changed(None, None, "registry")
    return Empty()


@serve(DELETE_REGISTERED_MODEL_TAG, needs=Permission.EDIT)
def delete_registered_model_tag(context: Context, request: DeleteRegisteredModelTag) -> Empty:
    """Delete one tag of a model; it may be gone already."""
    row = registered_models.get(context.transaction, request.name)
    registered_models.delete_tag(context.transaction, row, request.key)
    if request.key == PROMPT_TAG:
        registered_models.save(context.transaction, row._replace(is_prompt=0))
    _tell_of_prompt_tag(context, row, WebhookAction.DELETED, {"key": request.key})
    context.changed(None, None, "registry")
    return Empty()


@serve(SET_ALIAS, needs=Permission.EDIT)
def set_alias(context: Context, request: SetAlias) -> Empty:
    """Let an alias point at a version.

    Raises:
        NotFound: No such version.
        InvalidRequest: The alias has another form, or is reserved.
        PermissionDenied: A gate does not pass, or the alias takes a promotion request.
    """
    alias = checked_alias(request.alias)
    version = model_versions.get(context.transaction, request.name, version_number(request.version))
    registered = registered_models.get(context.transaction, request.name)
    permit(context, registered, version, "alias", alias)
    move_alias(context, registered, alias, version.version)
    return Empty()


@serve(GET_ALIAS, needs=Permission.READ)
def get_alias(context: Context, request: AliasName) -> OneModelVersion:
    """The version that an alias points at.

    Raises:
        InvalidRequest: The model has no such alias.
    """
    found = find_version(context, request.name, None, request.alias)
    return OneModelVersion(model_version=model_versions.as_entities(context.transaction, [found])[0])


@serve(DELETE_ALIAS, needs=Permission.EDIT)
def delete_alias(context: Context, request: AliasName) -> Empty:
    """Delete an alias; it may be gone already.

    Raises:
        PermissionDenied: It takes a promotion request.
    """
    registered = registered_models.get(context.transaction, request.name)
    aliases = registered_models.aliases_of(context.transaction, [registered.registered_id])
    version = aliases.get(registered.registered_id, {}).get(request.alias)
    if version is not None:
        permit_leaving(context, registered, version, "alias", request.alias)
        move_alias(context, registered, request.alias, None)
    return Empty()


def checked_alias(alias: str) -> str:
    """An alias that may be set.

    Raises:
        InvalidRequest: It has another form, or is reserved.
    """
    rules.check_length("An alias", alias, MAX_ALIAS_CHARS)
    if not _ALIAS.fullmatch(alias):
        raise InvalidRequest(f"An alias has letters, digits, _ and -; not {alias!r}.")
    if alias.lower() == LATEST or _NUMBERED.fullmatch(alias):
        raise InvalidRequest(f"The alias {alias!r} is reserved: it would look like a version.")
    return alias


def checked_stage(name: str) -> Stage:
    """The stage of that name.

    Raises:
        InvalidRequest: There is none.
    """
    stage = Stage.named(name)
    if stage is None:
        raise InvalidRequest(f"A stage is one of {', '.join(Stage)}; not {name[:100]!r}.")
    return stage


def checked_tags(tags: list[Tag] | tuple[Tag, ...]) -> dict[str, str]:
    """Tags by key.

    Raises:
        InvalidRequest: A key or a value is too long, or a key is empty.
    """
    for tag in tags:
        if not tag.key:
            raise InvalidRequest("The request lacks 'key'.")
        rules.check_length("The key of a tag", tag.key, MAX_KEY_CHARS)
        rules.check_length(f"The value of the tag {tag.key!r}", tag.value, MAX_REGISTRY_TAG_CHARS)
    return {tag.key: tag.value for tag in tags}


def checked_description(description: str | None) -> str | None:
    """A description as it is kept.

    Raises:
        InvalidRequest: It is too long.
    """
    if description is not None:
        rules.check_length("A description", description, MAX_DESCRIPTION_CHARS)
    return description


def _tell_of_prompt_tag(
    context: Context, row: RegisteredRow, action: WebhookAction, data: dict[str, str]
) -> None:
    """Tags of a prompt are an event; MLflow knows none for those of a model."""
    if row.is_prompt:
        tell(context, WebhookEntity.PROMPT_TAG, action, {"name": row.name, **data})


def _checked_name(name: str) -> str:
    if not name.strip():
        raise InvalidRequest("A registered model needs a name; it may not be blank.")
    if "/" in name or ":" in name or name in {".", ".."}:
        raise InvalidRequest(f"The name of a registered model has no / and no : in it: {name!r}.")
    rules.check_length("The name of a registered model", name, MAX_NAME_CHARS)
    return name


def _answer(context: Context, row: RegisteredRow) -> OneRegisteredModel:
    return OneRegisteredModel(registered_model=registered_models.as_entities(context.transaction, [row])[0])
