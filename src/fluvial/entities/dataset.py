"""Dataset inputs: which data a run read."""

from __future__ import annotations

from fluvial.entities.noun import Noun
from fluvial.entities.tag import Tag

MAX_DATASET_NAME_CHARS = 500
MAX_DATASET_DIGEST_CHARS = 36
MAX_DATASET_SOURCE_CHARS = 65_535
MAX_DATASET_SCHEMA_CHARS = 1_048_575
MAX_DATASET_PROFILE_CHARS = 16_777_215
MAX_INPUT_TAG_KEY_CHARS = 255
MAX_INPUT_TAG_VALUE_CHARS = 500

CONTEXT_TAG = "mlflow.data.context"


class Dataset(Noun, frozen=True):
    """A dataset, known by its name and digest.

    Attributes:
        name: 1 to 500 characters.
        digest: Fingerprint of the content, 1 to 36 characters.
        source_type: Kind of source, such as `local`, `http`, `code`.
        source: Where it came from, JSON text, up to 65,535 characters.
        schema: Columns and types, JSON text.
        profile: Counts and other facts, JSON text.
    """

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None


class DatasetInput(Noun, frozen=True):
    """A dataset that a run read.

    Attributes:
        dataset: What was read.
        tags: Labels; `mlflow.data.context` says what it was read for.
    """

    dataset: Dataset
    tags: tuple[Tag, ...] = ()


class DatasetSummary(Noun, frozen=True, kw_only=True):
    """A dataset that some run of an experiment read, and what for."""

    experiment_id: str
    name: str
    digest: str
    context: str | None = None
