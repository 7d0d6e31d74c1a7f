"""A logged model: what a run made, with params, tags and metrics of its own."""

from __future__ import annotations

from enum import StrEnum

from fluvial.entities.metric import Metric
from fluvial.entities.noun import Noun
from fluvial.entities.tag import Param, Tag

VERSIONS_TAG = "mlflow.modelVersions"


class LoggedModelStatus(StrEnum):
    """Whether the files of a model are there."""

    PENDING = "LOGGED_MODEL_PENDING"
    READY = "LOGGED_MODEL_READY"
    UPLOAD_FAILED = "LOGGED_MODEL_UPLOAD_FAILED"

    @property
    def number(self) -> int:
        """MLflow's protobuf number of this status, 1 to 3; what the store keeps."""
        return _STATUSES.index(self) + 1

    @classmethod
    def from_number(cls, number: int) -> LoggedModelStatus:
        """The status with MLflow's protobuf number."""
        return _STATUSES[number - 1]


_STATUSES = tuple(LoggedModelStatus)


class Registration(Noun, frozen=True, kw_only=True):
    """A version of a registered model that a logged model became."""

    name: str
    version: str


class LoggedModelInfo(Noun, frozen=True, kw_only=True):
    """What a logged model is.

    Attributes:
        model_id: `m-` and 32 hex characters.
        experiment_id: The experiment it belongs to.
        name: For people; not unique.
        creation_timestamp_ms: ms since the epoch.
        last_updated_timestamp_ms: ms since the epoch.
        artifact_uri: Where its files are kept.
        status: Whether they are there.
        model_type: What kind of model it is; "" where nobody said.
        source_run_id: The run that made it; "" where none did.
        tags: Its labels, sorted by key.
        registrations: The versions of registered models that it became.
    """

    model_id: str
    experiment_id: str
    name: str
    creation_timestamp_ms: int
    last_updated_timestamp_ms: int
    artifact_uri: str
    status: LoggedModelStatus
    model_type: str
    source_run_id: str
    tags: tuple[Tag, ...] = ()
    registrations: tuple[Registration, ...] = ()


class LoggedModelData(Noun, frozen=True, kw_only=True):
    """What was logged to a model: params, and the last value of each metric per dataset and run."""

    params: tuple[Param, ...] = ()
    metrics: tuple[Metric, ...] = ()


class LoggedModel(Noun, frozen=True, kw_only=True):
    """A logged model with all that was logged to it."""

    info: LoggedModelInfo
    data: LoggedModelData
