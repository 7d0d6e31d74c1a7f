"""An experiment: a named group of runs."""

from __future__ import annotations

from enum import StrEnum

from fluvial.entities.noun import Noun
from fluvial.entities.tag import Tag

DEFAULT_EXPERIMENT_ID = "0"
DEFAULT_EXPERIMENT_NAME = "Default"


class LifecycleStage(StrEnum):
    """Whether an experiment or a run is in use or in the trash."""

    ACTIVE = "active"
    DELETED = "deleted"


class ViewType(StrEnum):
    """Which lifecycle stages a search looks at."""

    ACTIVE_ONLY = "ACTIVE_ONLY"
    DELETED_ONLY = "DELETED_ONLY"
    ALL = "ALL"

    @property
    def number(self) -> int:
        """MLflow's protobuf number of this view."""
        return tuple(type(self)).index(self) + 1


class Experiment(Noun, frozen=True, kw_only=True):
    """A named group of runs.

    Attributes:
        experiment_id: Decimal digits; "0" is the experiment `Default`.
        name: Unique, also among deleted experiments; 1 to 500 characters.
        artifact_location: Where the artifacts of its runs are kept; assigned by the server.
        lifecycle_stage: Whether it is in the trash.
        creation_time: ms since the epoch.
        last_update_time: When its name, tags or lifecycle stage last changed, ms since the epoch.
        workspace: Always "default".
        tags: Labels, sorted by key.
    """

    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: LifecycleStage
    last_update_time: int
    creation_time: int
    workspace: str
    tags: tuple[Tag, ...] = ()
