"""Logged models over the wire."""

from __future__ import annotations

import re

from fluvial.entities.artifact import FileInfo
from fluvial.entities.logged_model import LoggedModel, LoggedModelStatus
from fluvial.entities.tag import Param, Tag
from fluvial.wire.endpoint import Empty, Endpoint, Message

_ID = re.compile(r"m-[0-9a-f]{32}")


def is_model_id(owner: str) -> bool:
    """Whether an owner of artifacts is a logged model; else it is a run."""
    return _ID.fullmatch(owner) is not None


class CreateLoggedModel(Message, frozen=True, kw_only=True):
    """Make a logged model, whose files come next.

    Attributes:
        experiment_id: Where.
        name: None of `/ : . % " '`; a made-up one where it is empty.
        model_type: What kind of model it is, for people.
        source_run_id: The run that makes it.
        params: Its params.
        tags: Its tags.
    """

    experiment_id: str
    name: str = ""
    model_type: str = ""
    source_run_id: str = ""
    params: tuple[Param, ...] = ()
    tags: tuple[Tag, ...] = ()


class LoggedModelId(Message, frozen=True, kw_only=True):
    """One logged model, by id."""

    model_id: str


class OneLoggedModel(Message, frozen=True, kw_only=True):
    """One logged model."""

    model: LoggedModel


class FinalizeLoggedModel(Message, frozen=True, kw_only=True):
    """Say whether the files of a logged model have arrived."""

    model_id: str
    status: LoggedModelStatus


class SetLoggedModelTags(Message, frozen=True, kw_only=True):
    """Set tags of a logged model."""

    model_id: str
    tags: tuple[Tag, ...] = ()


class DeleteLoggedModelTag(Message, frozen=True, kw_only=True):
    """Delete one tag of a logged model."""

    model_id: str
    tag_key: str


class LogLoggedModelParams(Message, frozen=True, kw_only=True):
    """Add params to a logged model; each is written once."""

    model_id: str
    params: tuple[Param, ...] = ()


class LoggedModelOrder(Message, frozen=True, kw_only=True):
    """One key of an ordering of logged models.

    Attributes:
        field_name: An attribute, or `metrics.` and a name.
        ascending: The direction.
        dataset_name: Of a metric: as measured on this dataset.
        dataset_digest: Of that dataset; any where it is not said.
    """

    field_name: str
    ascending: bool = True
    dataset_name: str | None = None
    dataset_digest: str | None = None


class MeasuredOn(Message, frozen=True, kw_only=True):
    """A dataset that metrics were measured on; of any digest where none is said."""

    dataset_name: str
    dataset_digest: str | None = None


class SearchLoggedModels(Message, frozen=True, kw_only=True):
    """Search the logged models of some experiments.

    Attributes:
        experiment_ids: Where to look.
        filter: In the language of docs/search.md.
        datasets: The metrics of the filter are those that were measured on one of these.
        max_results: Page size.
        order_by: The newest first where nothing is said.
        page_token: Where the page before ended.
    """

    experiment_ids: tuple[str, ...]
    filter: str = ""
    datasets: tuple[MeasuredOn, ...] = ()
    max_results: int = 50
    order_by: tuple[LoggedModelOrder, ...] = ()
    page_token: str | None = None


class LoggedModelsPage(Message, frozen=True, kw_only=True):
    """A page of logged models; `next_page_token` is absent on the last."""

    models: tuple[LoggedModel, ...] = ()
    next_page_token: str | None = None


class ListLoggedModelArtifacts(Message, frozen=True, kw_only=True):
    """List one level of a logged model's files."""

    model_id: str
    artifact_directory_path: str = ""
    page_token: str | None = None


class LoggedModelArtifacts(Message, frozen=True, kw_only=True):
    """One level of a logged model's files, and where they are kept."""

    root_uri: str
    files: tuple[FileInfo, ...] = ()
    next_page_token: str | None = None


_AT = "/api/2.0/mlflow/logged-models"
_ONE = f"{_AT}/{{model_id}}"

CREATE_LOGGED_MODEL = Endpoint("POST", _AT, CreateLoggedModel, OneLoggedModel)
SEARCH_LOGGED_MODELS = Endpoint(
    "POST", f"{_AT}/search", SearchLoggedModels, LoggedModelsPage, is_repeatable=True
)
GET_LOGGED_MODEL = Endpoint("GET", _ONE, LoggedModelId, OneLoggedModel)
FINALIZE_LOGGED_MODEL = Endpoint("PATCH", _ONE, FinalizeLoggedModel, OneLoggedModel, is_repeatable=True)
DELETE_LOGGED_MODEL = Endpoint("DELETE", _ONE, LoggedModelId, Empty, is_repeatable=True)
SET_LOGGED_MODEL_TAGS = Endpoint("PATCH", f"{_ONE}/tags", SetLoggedModelTags, Empty, is_repeatable=True)
DELETE_LOGGED_MODEL_TAG = Endpoint("DELETE", f"{_ONE}/tags/{{tag_key:path}}", DeleteLoggedModelTag, Empty)
LOG_LOGGED_MODEL_PARAMS = Endpoint("POST", f"{_ONE}/params", LogLoggedModelParams, Empty, is_repeatable=True)
LIST_LOGGED_MODEL_ARTIFACTS = Endpoint(
    "GET", f"{_ONE}/artifacts/directories", ListLoggedModelArtifacts, LoggedModelArtifacts
)
