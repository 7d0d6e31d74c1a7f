"""Logged models, registered models and versions as users hold them: tags, params and aliases are dicts."""

from __future__ import annotations

from msgspec import Struct

from fluvial.entities import logged_model, registered_model
from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.metric import Metric
from fluvial.entities.tag import Param, Tag

__all__ = ["LoggedModel", "LoggedModelStatus", "ModelVersion", "RegisteredModel"]


class ModelVersion(Struct, frozen=True, kw_only=True):
    """One numbered entry of a registered model.

    Attributes:
        name: The registered model.
        version: Counts up from "1".
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
        description: For people.
        user_id: Who registered it, where that is known.
        current_stage: MLflow's stage.
        state: Its state in the model's lifecycle, where it has one.
        source: What was registered.
        run_id: The run that it came from.
        run_link: A page about the run elsewhere.
        model_id: The logged model that it came from.
        status: Always READY.
        tags: Its labels.
        aliases: Names that point at it.
    """

    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int
    description: str | None
    user_id: str | None
    current_stage: str
    state: str | None
    source: str
    run_id: str
    run_link: str
    model_id: str | None
    status: str
    tags: dict[str, str]
    aliases: list[str]

    @classmethod
    def of(cls, entity: registered_model.ModelVersion) -> ModelVersion:
        """A version as the platform answers it."""
        fields = dict(entity)
        return cls(**{**fields, "tags": _as_dict(entity.tags), "aliases": list(entity.aliases)})


class RegisteredModel(Struct, frozen=True, kw_only=True):
    """A named line of models.

    Attributes:
        name: Unique.
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
        description: For people.
        user_id: Who made it, where that is known.
        latest_versions: The newest version of each stage that has some.
        tags: Its labels.
        aliases: The version that each alias points at.
    """

    name: str
    creation_timestamp: int
    last_updated_timestamp: int
    description: str | None
    user_id: str | None
    latest_versions: list[ModelVersion]
    tags: dict[str, str]
    aliases: dict[str, str]

    @classmethod
    def of(cls, entity: registered_model.RegisteredModel) -> RegisteredModel:
        """A model as the platform answers it."""
        fields = dict(entity)
        return cls(
            **{
                **fields,
                "latest_versions": [ModelVersion.of(version) for version in entity.latest_versions],
                "tags": _as_dict(entity.tags),
                "aliases": {one.alias: one.version for one in entity.aliases},
            }
        )


class LoggedModel(Struct, frozen=True, kw_only=True):
    """What a run made, with params, tags and metrics of its own.

    Attributes:
        model_id: `m-` and 32 hex characters.
        experiment_id: The experiment it belongs to.
        name: For people; not unique.
        artifact_location: Where its files are kept.
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
        model_type: What kind of model it is.
        source_run_id: The run that made it.
        status: Whether its files are there.
        tags: Its labels.
        params: What it was made with.
        metrics: The last value of each metric per dataset and run.
    """

    model_id: str
    experiment_id: str
    name: str
    artifact_location: str
    creation_timestamp: int
    last_updated_timestamp: int
    model_type: str
    source_run_id: str
    status: LoggedModelStatus
    tags: dict[str, str]
    params: dict[str, str]
    metrics: list[Metric]

    @property
    def model_uri(self) -> str:
        """The URI to load or register it by."""
        return f"models:/{self.model_id}"

    @classmethod
    def of(cls, entity: logged_model.LoggedModel) -> LoggedModel:
        """A model as the platform answers it."""
        info = entity.info
        return cls(
            model_id=info.model_id,
            experiment_id=info.experiment_id,
            name=info.name,
            artifact_location=info.artifact_uri,
            creation_timestamp=info.creation_timestamp_ms,
            last_updated_timestamp=info.last_updated_timestamp_ms,
            model_type=info.model_type,
            source_run_id=info.source_run_id,
            status=info.status,
            tags=_as_dict(info.tags),
            params=_as_dict(entity.data.params),
            metrics=list(entity.data.metrics),
        )


def _as_dict(pairs: tuple[Tag, ...] | tuple[Param, ...]) -> dict[str, str]:
    return {pair.key: pair.value for pair in pairs}
