"""What can be searched of registered models and of their versions."""

from __future__ import annotations

from fluvial.search.noun import Attribute, Collection, Noun, Type
from fluvial.search.tree import Field, SortKey

_TIMES = (
    Attribute(name="creation_timestamp", type=Type.TIME, aliases=("creation_time",)),
    Attribute(name="last_updated_timestamp", type=Type.TIME, aliases=("timestamp", "last_updated_time")),
)
# Prompts are kept as registered models: `true` and `false`, which is also what the tag says that marks them.
_IS_PROMPT = Attribute(name="is_prompt", type=Type.CHOICE)
_COLLECTIONS = (
    Collection(name="tags", type=Type.TEXT, aliases=("tag",)),
    Collection(name="aliases", type=Type.TEXT, aliases=("alias",), members=("name",)),
)

REGISTERED_MODELS = Noun(
    name="registered model",
    prefixes=("attributes", "attribute", "attr", "registered_model", "model"),
    attributes=(
        Attribute(name="name", type=Type.TEXT),
        Attribute(name="description", type=Type.TEXT),
        Attribute(name="user_id", type=Type.TEXT, aliases=("owner",)),
        *_TIMES,
        _IS_PROMPT,
    ),
    collections=_COLLECTIONS,
    default_order=(SortKey(Field("", "name")),),
)

MODEL_VERSIONS = Noun(
    name="model version",
    prefixes=("attributes", "attribute", "attr", "model_version", "version"),
    attributes=(
        Attribute(name="name", type=Type.TEXT),
        Attribute(name="version_number", type=Type.NUMBER, aliases=("version",)),
        Attribute(name="run_id", type=Type.TEXT),
        Attribute(name="model_id", type=Type.TEXT),
        Attribute(name="source_path", type=Type.TEXT, aliases=("source",)),
        Attribute(name="stage", type=Type.CHOICE, aliases=("current_stage",)),
        Attribute(name="state", type=Type.TEXT),
        Attribute(name="user_id", type=Type.TEXT),
        Attribute(name="description", type=Type.TEXT),
        *_TIMES,
        _IS_PROMPT,
    ),
    collections=_COLLECTIONS,
    default_order=(
        SortKey(Field("", "last_updated_timestamp"), is_ascending=False),
        SortKey(Field("", "name")),
        SortKey(Field("", "version_number"), is_ascending=False),
    ),
)
