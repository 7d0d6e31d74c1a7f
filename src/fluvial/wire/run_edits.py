"""Changes of many runs at once, over the wire."""

from __future__ import annotations

from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.tag import Tag
from fluvial.wire.endpoint import Endpoint, Message


class EditRuns(Message, frozen=True, kw_only=True):
    """Change many runs alike, all or none.

    Attributes:
        run_ids: Up to 1,000.
        lifecycle_stage: Puts them into the trash or takes them out; where it is absent, they stay.
        set_tags: Tags to set, up to 100.
        delete_tags: Keys of tags to delete from the runs that have them, up to 100.
    """

    run_ids: tuple[str, ...]
    lifecycle_stage: LifecycleStage | None = None
    set_tags: tuple[Tag, ...] = ()
    delete_tags: tuple[str, ...] = ()


class EditedRuns(Message, frozen=True, kw_only=True):
    """How many runs were changed."""

    n_runs: int


EDIT_RUNS = Endpoint("POST", "/api/1.0/fluvial/runs/edit", EditRuns, EditedRuns, is_repeatable=True)
