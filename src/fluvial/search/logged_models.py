"""What can be searched of logged models."""

from __future__ import annotations

from fluvial.search.noun import Attribute, Collection, Noun, Type
from fluvial.search.tree import Field, SortKey

LOGGED_MODELS = Noun(
    name="logged model",
    prefixes=("attributes", "attribute", "attr", "logged_model", "model"),
    attributes=(
        Attribute(name="name", type=Type.TEXT, aliases=("model_name",)),
        Attribute(name="model_id", type=Type.TEXT),
        Attribute(name="model_type", type=Type.TEXT),
        Attribute(name="status", type=Type.CHOICE),
        Attribute(name="source_run_id", type=Type.TEXT),
        Attribute(name="artifact_uri", type=Type.TEXT, aliases=("artifact_location",)),
        Attribute(name="creation_timestamp", type=Type.TIME, aliases=("creation_time",)),
        Attribute(
            name="last_updated_timestamp",
            type=Type.TIME,
            aliases=("last_updated_time", "last_update_time"),
        ),
    ),
    collections=(
        Collection(name="metrics", type=Type.NUMBER, aliases=("metric",)),
        Collection(name="params", type=Type.TEXT, aliases=("param", "parameters", "parameter")),
        Collection(name="tags", type=Type.TEXT, aliases=("tag",)),
    ),
    default_order=(
        SortKey(Field("", "creation_timestamp"), is_ascending=False),
        SortKey(Field("", "model_id")),
    ),
)
