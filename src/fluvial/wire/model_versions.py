"""MLflow's registry over the wire: versions of registered models."""

from __future__ import annotations

from fluvial.entities.registered_model import ModelVersion
from fluvial.entities.tag import Tag
from fluvial.wire.endpoint import Empty, Endpoint, Message
from fluvial.wire.registered_models import OneModelVersion


class CreateModelVersion(Message, frozen=True, kw_only=True):
    """Register a model as the next version.

    Attributes:
        name: The registered model.
        source: `models:/m-…` with its `model_id`, `runs:/…` or a place of a run's or logged model's files
            with the `run_id` or `model_id`, another version (`models:/name/1`, `models:/name@alias`), or a
            bucket.
        run_id: The run that it comes from.
        tags: Its tags.
        run_link: A page about the run elsewhere.
        description: For people.
        model_id: The logged model that it comes from.
    """

    name: str
    source: str
    run_id: str = ""
    tags: tuple[Tag, ...] = ()
    run_link: str = ""
    description: str = ""
    model_id: str = ""


class VersionName(Message, frozen=True, kw_only=True):
    """One version of a registered model."""

    name: str
    version: str


class UpdateModelVersion(Message, frozen=True, kw_only=True):
    """Describe a version anew; without a description it has none."""

    name: str
    version: str
    description: str | None = None


class TransitionStage(Message, frozen=True, kw_only=True):
    """Move a version to one of MLflow's stages.

    Attributes:
        name: The registered model.
        version: Its version.
        stage: None, Staging, Production or Archived, in any case.
        archive_existing_versions: Archive the others that are in Staging or Production, if it goes there.
    """

    name: str
    version: str
    stage: str
    archive_existing_versions: bool = False


class SearchModelVersions(Message, frozen=True, kw_only=True):
    """Search versions of all registered models.

    Attributes:
        filter: In the language of docs/search.md.
        max_results: Page size, up to 200,000.
        order_by: Keys, each with ASC or DESC; the last changed first where nothing is said.
        page_token: Where the page before ended.
    """

    filter: str = ""
    max_results: int = 200_000
    order_by: tuple[str, ...] = ()
    page_token: str | None = None


class ModelVersionsPage(Message, frozen=True, kw_only=True):
    """A page of versions; `next_page_token` is absent on the last."""

    model_versions: tuple[ModelVersion, ...] = ()
    next_page_token: str | None = None


class DownloadUri(Message, frozen=True, kw_only=True):
    """Where the files of a version are kept."""

    artifact_uri: str


class SetModelVersionTag(Message, frozen=True, kw_only=True):
    """Set one tag of a version."""

    name: str
    version: str
    key: str
    value: str = ""


class DeleteModelVersionTag(Message, frozen=True, kw_only=True):
    """Delete one tag of a version; it may be gone already."""

    name: str
    version: str
    key: str


_AT = "/api/2.0/mlflow/model-versions"

CREATE_MODEL_VERSION = Endpoint("POST", f"{_AT}/create", CreateModelVersion, OneModelVersion)
GET_MODEL_VERSION = Endpoint("GET", f"{_AT}/get", VersionName, OneModelVersion)
UPDATE_MODEL_VERSION = Endpoint(
    "PATCH", f"{_AT}/update", UpdateModelVersion, OneModelVersion, is_repeatable=True
)
DELETE_MODEL_VERSION = Endpoint("DELETE", f"{_AT}/delete", VersionName, Empty)
TRANSITION_STAGE = Endpoint(
    "POST", f"{_AT}/transition-stage", TransitionStage, OneModelVersion, is_repeatable=True
)
SEARCH_MODEL_VERSIONS = Endpoint("GET", f"{_AT}/search", SearchModelVersions, ModelVersionsPage)
GET_DOWNLOAD_URI = Endpoint("GET", f"{_AT}/get-download-uri", VersionName, DownloadUri)
SET_MODEL_VERSION_TAG = Endpoint("POST", f"{_AT}/set-tag", SetModelVersionTag, Empty, is_repeatable=True)
DELETE_MODEL_VERSION_TAG = Endpoint(
    "DELETE", f"{_AT}/delete-tag", DeleteModelVersionTag, Empty, is_repeatable=True
)
