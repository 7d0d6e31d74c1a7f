"""What can be searched of experiments."""

from __future__ import annotations

from fluvial.search.noun import Attribute, Collection, Noun, Type
from fluvial.search.tree import Field, SortKey

EXPERIMENTS = Noun(
    name="experiment",
    prefixes=("attribute", "attributes", "attr", "experiment"),
    attributes=(
        Attribute(name="name", type=Type.TEXT),
        Attribute(name="experiment_id", type=Type.TEXT),
        Attribute(name="creation_time", type=Type.TIME),
        Attribute(name="last_update_time", type=Type.TIME),
        Attribute(name="last_activity_time", type=Type.TIME),
        Attribute(name="text", type=Type.WORDS),
    ),
    collections=(Collection(name="tags", type=Type.TEXT, aliases=("tag",)),),
    default_order=(
        SortKey(Field("", "creation_time"), is_ascending=False),
        SortKey(Field("", "experiment_id")),
    ),
)
