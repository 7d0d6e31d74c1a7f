"""What can be searched of runs."""

from __future__ import annotations

from fluvial.search.noun import Attribute, Collection, Noun, Type
from fluvial.search.tree import Field, SortKey, Summary

RUNS = Noun(
    name="run",
    prefixes=("attributes", "attribute", "attr", "run"),
    attributes=(
        Attribute(name="run_id", type=Type.TEXT),
        Attribute(name="run_name", type=Type.TEXT, aliases=("run name", "Run name", "Run Name")),
        Attribute(name="user_id", type=Type.TEXT),
        Attribute(name="status", type=Type.CHOICE),
        Attribute(name="start_time", type=Type.TIME, aliases=("created", "Created")),
        Attribute(name="end_time", type=Type.TIME),
        Attribute(name="duration", type=Type.DURATION),
        Attribute(name="artifact_uri", type=Type.TEXT),
        Attribute(name="experiment_name", type=Type.TEXT),
        Attribute(name="text", type=Type.WORDS),
    ),
    collections=(
        Collection(name="metrics", type=Type.NUMBER, aliases=("metric",), summaries=tuple(Summary)),
        Collection(name="params", type=Type.TEXT, aliases=("param", "parameters", "parameter")),
        Collection(name="tags", type=Type.TEXT, aliases=("tag",)),
        Collection(
            name="datasets",
            type=Type.TEXT,
            aliases=("dataset",),
            members=("name", "digest", "context"),
        ),
    ),
    default_order=(
        SortKey(Field("", "start_time"), is_ascending=False),
        SortKey(Field("", "run_id")),
    ),
)
