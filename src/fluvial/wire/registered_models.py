"""MLflow's registry over the wire: registered models and their aliases."""

from __future__ import annotations

from fluvial.entities.registered_model import ModelVersion, RegisteredModel
from fluvial.entities.tag import Tag
from fluvial.wire.endpoint import Empty, Endpoint, Message


class CreateRegisteredModel(Message, frozen=True, kw_only=True):
    """Make a registered model; the name must be free.

    Attributes:
        name: Not blank, without `/` and `:`.
        tags: Its tags.
        description: For people.
    """

    name: str
    tags: tuple[Tag, ...] = ()
    description: str | None = None


class RegisteredModelName(Message, frozen=True, kw_only=True):
    """One registered model, by name."""

    name: str


class OneRegisteredModel(Message, frozen=True, kw_only=True):
    """One registered model."""

    registered_model: RegisteredModel


class RenameRegisteredModel(Message, frozen=True, kw_only=True):
    """Give a registered model another name; its versions go along."""

    name: str
    new_name: str


class UpdateRegisteredModel(Message, frozen=True, kw_only=True):
    """Describe a registered model anew; without a description it has none."""

    name: str
    description: str | None = None


class SearchRegisteredModels(Message, frozen=True, kw_only=True):
    """Search registered models.

    Attributes:
        filter: In the language of docs/search.md.
        max_results: Page size, up to 1,000.
        order_by: Keys, each with ASC or DESC; by name where nothing is said.
        page_token: Where the page before ended.
    """

    filter: str = ""
    max_results: int = 100
    order_by: tuple[str, ...] = ()
    page_token: str | None = None


class RegisteredModelsPage(Message, frozen=True, kw_only=True):
    """A page of registered models; `next_page_token` is absent on the last."""

    registered_models: tuple[RegisteredModel, ...] = ()
    next_page_token: str | None = None


class GetLatestVersions(Message, frozen=True, kw_only=True):
    """Ask for the newest version of each stage, or of some stages."""

    name: str
    stages: tuple[str, ...] = ()


class ModelVersions(Message, frozen=True, kw_only=True):
    """Some versions."""

    model_versions: tuple[ModelVersion, ...] = ()


class SetRegisteredModelTag(Message, frozen=True, kw_only=True):
    """Set one tag of a registered model."""

    name: str
    key: str
    value: str = ""


class DeleteRegisteredModelTag(Message, frozen=True, kw_only=True):
    """Delete one tag of a registered model; it may be gone already."""

    name: str
    key: str


class SetAlias(Message, frozen=True, kw_only=True):
    """Let an alias point at a version."""

    name: str
    alias: str
    version: str


class AliasName(Message, frozen=True, kw_only=True):
    """One alias of a registered model; `latest` is the version with the highest number."""

    name: str
    alias: str


class OneModelVersion(Message, frozen=True, kw_only=True):
    """One version."""

    model_version: ModelVersion


_AT = "/api/2.0/mlflow/registered-models"

CREATE_REGISTERED_MODEL = Endpoint("POST", f"{_AT}/create", CreateRegisteredModel, OneRegisteredModel)
GET_REGISTERED_MODEL = Endpoint("GET", f"{_AT}/get", RegisteredModelName, OneRegisteredModel)
RENAME_REGISTERED_MODEL = Endpoint("POST", f"{_AT}/rename", RenameRegisteredModel, OneRegisteredModel)
UPDATE_REGISTERED_MODEL = Endpoint(
    "PATCH", f"{_AT}/update", UpdateRegisteredModel, OneRegisteredModel, is_repeatable=True
)
DELETE_REGISTERED_MODEL = Endpoint("DELETE", f"{_AT}/delete", RegisteredModelName, Empty)
SEARCH_REGISTERED_MODELS = Endpoint("GET", f"{_AT}/search", SearchRegisteredModels, RegisteredModelsPage)
GET_LATEST_VERSIONS = Endpoint(
    "POST",
    f"{_AT}/get-latest-versions",
    GetLatestVersions,
    ModelVersions,
    also=("GET",),
    is_repeatable=True,
)
SET_REGISTERED_MODEL_TAG = Endpoint(
    "POST", f"{_AT}/set-tag", SetRegisteredModelTag, Empty, is_repeatable=True
)
DELETE_REGISTERED_MODEL_TAG = Endpoint(
    "DELETE", f"{_AT}/delete-tag", DeleteRegisteredModelTag, Empty, is_repeatable=True
)
SET_ALIAS = Endpoint("POST", f"{_AT}/alias", SetAlias, Empty, is_repeatable=True)
GET_ALIAS = Endpoint("GET", f"{_AT}/alias", AliasName, OneModelVersion)
DELETE_ALIAS = Endpoint("DELETE", f"{_AT}/alias", AliasName, Empty, is_repeatable=True)
