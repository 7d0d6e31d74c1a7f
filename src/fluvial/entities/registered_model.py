"""Registered models, their versions and aliases."""

from __future__ import annotations

from enum import StrEnum

from fluvial.entities.noun import Noun
from fluvial.entities.tag import Tag

PROMPT_TAG = "mlflow.prompt.is_prompt"
LATEST = "latest"
MAX_REGISTRY_TAG_CHARS = 100_000
MAX_ALIAS_CHARS = 255


class Stage(StrEnum):
    """MLflow's stages, which old clients move versions between."""

    NONE = "None"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"

    @property
    def number(self) -> int:
        """What the store keeps, 0 to 3."""
        return _STAGES.index(self)

    @classmethod
    def from_number(cls, number: int) -> Stage:
        """The stage that the store keeps as a number."""
        return _STAGES[number]

    @classmethod
    def named(cls, name: str) -> Stage | None:
        """The stage of that name, in any case."""
        return next((stage for stage in cls if stage.lower() == name.lower()), None)


_STAGES = tuple(Stage)


class ModelVersion(Noun, frozen=True, kw_only=True):
    """One numbered entry of a registered model; what it points at never changes.

    Attributes:
        name: The registered model.
        version: Counts up from "1", and is never used again.
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
        user_id: Who registered it, where that is known.
        current_stage: MLflow's stage.
        description: "" or absent where there is none.
        source: What was registered: a run's or a logged model's files, another version, or a bucket.
        run_id: The run that it came from; "" where there is none.
        status: Whether it can be used; always READY.
        tags: Its labels, sorted by key.
        run_link: A page about the run elsewhere.
        aliases: Names that point at it, sorted.
        model_id: The logged model that it came from.
        state: Its state in the lifecycle that the model's policy describes.
    """

    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int
    user_id: str | None = None
    current_stage: str
    description: str | None = None
    source: str
    run_id: str
    status: str
    tags: tuple[Tag, ...] = ()
    run_link: str
    aliases: tuple[str, ...] = ()
    model_id: str | None = None
    state: str | None = None


class RegisteredModelAlias(Noun, frozen=True, kw_only=True):
    """A movable name for one version."""

    alias: str
    version: str


class RegisteredModel(Noun, frozen=True, kw_only=True):
    """A named line of models.

    Attributes:
        name: Unique.
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
        user_id: Who made it, where that is known.
        description: Absent where there is none.
        latest_versions: The newest version of each stage that has some.
        tags: Its labels, sorted by key.
        aliases: Movable names, sorted.
    """

    name: str
    creation_timestamp: int
    last_updated_timestamp: int
    user_id: str | None = None
    description: str | None = None
    latest_versions: tuple[ModelVersion, ...] = ()
    tags: tuple[Tag, ...] = ()
    aliases: tuple[RegisteredModelAlias, ...] = ()


class RegistryEvent(Noun, frozen=True, kw_only=True):
    """One thing that was decided about a registered model. Written with what it tells of, never changed.

    Attributes:
        event_id: Grows with time.
        name: What the model was called then.
        version: The version that it is about; absent of what is about the model.
        field: What changed: `alias`, `stage`, `state`, `model`, `version`, `name`, `description`, `policy`
            or `request`.
        key: Which one of several, such as the name of the alias.
        before: What it was; absent where there was nothing.
        after: What it became; absent where nothing is left.
        reason: Why, in the author's words.
        author: Who did it.
        timestamp: When, ms since the epoch.
    """

    event_id: str
    name: str
    version: str | None = None
    field: str
    key: str = ""
    before: str | None = None
    after: str | None = None
    reason: str = ""
    author: str
    timestamp: int
