"""A run: one execution, with its params, metrics, tags and inputs."""

from __future__ import annotations

from enum import StrEnum

from fluvial.entities.dataset import DatasetInput
from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.metric import Metric
from fluvial.entities.noun import Noun
from fluvial.entities.tag import Param, Tag

NAME_TAG = "mlflow.runName"
USER_TAG = "mlflow.user"
PARENT_TAG = "mlflow.parentRunId"
NOTE_TAG = "mlflow.note.content"
LOGGED_MODELS_TAG = "mlflow.log-model.history"
STATUS_REASON_TAG = "fluvial.status_reason"
STOP_TAG = "fluvial.stop_requested"


class RunStatus(StrEnum):
    """How far a run has come."""

    RUNNING = "RUNNING"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"

    @property
    def number(self) -> int:
        """MLflow's protobuf number of this status, 1 to 5; what the store keeps."""
        return _STATUSES.index(self) + 1

    @staticmethod
    def to_string(status: str) -> str:
        """Its name; MLflow's statuses are numbers."""
        return str(RunStatus(status))

    @staticmethod
    def from_string(name: str) -> RunStatus:
        """The status with this name."""
        return RunStatus(name)

    @staticmethod
    def is_terminated(status: str) -> bool:
        """Whether a run of this status has ended."""
        return RunStatus(status).is_terminal

    @classmethod
    def from_number(cls, number: int) -> RunStatus:
        """The status with MLflow's protobuf number."""
        return _STATUSES[number - 1]

    @property
    def is_terminal(self) -> bool:
        """Whether the run has ended."""
        return self in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED)


_STATUSES = tuple(RunStatus)


class RunInfo(Noun, frozen=True, kw_only=True):
    """What a run is, without what was logged.

    Attributes:
        run_uuid: The same as `run_id`; older clients read it.
        experiment_id: The experiment it belongs to.
        run_name: For people; not unique. Mirrored in the tag `mlflow.runName`.
        user_id: Who started it; the tag `mlflow.user` is what people see.
        status: How far it has come.
        start_time: ms since the epoch.
        end_time: ms since the epoch, where it has ended.
        artifact_uri: Where its artifacts are kept.
        lifecycle_stage: Whether it is in the trash.
        run_id: 32 hex characters.
    """

    run_uuid: str
    experiment_id: str
    run_name: str
    user_id: str
    status: RunStatus
    start_time: int
    artifact_uri: str
    lifecycle_stage: LifecycleStage
    run_id: str
    end_time: int | None = None


class RunData(Noun, frozen=True, kw_only=True):
    """What was logged to a run: the last value of each metric, all params and tags, sorted by key."""

    metrics: tuple[Metric, ...] = ()
    params: tuple[Param, ...] = ()
    tags: tuple[Tag, ...] = ()


class ModelInput(Noun, frozen=True):
    """A logged model that a run read."""

    model_id: str


class ModelOutput(Noun, frozen=True):
    """A logged model that a run made, and at which training step."""

    model_id: str
    step: int


class RunInputs(Noun, frozen=True, kw_only=True):
    """What a run read."""

    dataset_inputs: tuple[DatasetInput, ...] = ()
    model_inputs: tuple[ModelInput, ...] = ()


class RunOutputs(Noun, frozen=True, kw_only=True):
    """What a run made."""

    model_outputs: tuple[ModelOutput, ...] = ()


class Run(Noun, frozen=True, kw_only=True):
    """One execution, and everything logged to it but the metrics' history."""

    info: RunInfo
    data: RunData
    inputs: RunInputs
    outputs: RunOutputs | None = None
