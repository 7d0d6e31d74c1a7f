"""Fields of many runs: `POST /api/1.0/fluvial/runs/values` answers an Arrow IPC stream.

The answer's one table has a row for each run, in the order of the search. Its columns are

    run_id   utf8       32 hexadecimal digits
    0, 1, …  float64    a field that holds numbers, in the order asked for; times in ms since the epoch
             utf8       a field that holds text

A field that a run lacks is null; a metric that is NaN is NaN. The schema's metadata says how many runs match,
`n_matching`, of which the table has the first.
"""

from __future__ import annotations

from fluvial.entities.experiment import ViewType
from fluvial.wire.endpoint import Message

RUN_VALUES_PATH = "/api/1.0/fluvial/runs/values"
MAX_RUNS = 100_000
MAX_FIELDS = 200
# All cells of an answer together.
MAX_CELLS = 4_000_000


class GetRunValues(Message, frozen=True, kw_only=True):
    """Read some fields of the runs that a search would find.

    Attributes:
        experiment_ids: Where to look.
        filter: In the language of docs/search.md.
        run_view_type: Which lifecycle stages to look at.
        order_by: As in a search of runs.
        fields: Such as `params.lr`, `max(metrics.auc)` or `duration`, up to 200.
        max_results: How many runs to give, 1 to 100,000; runs times fields, up to 4,000,000.
    """

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY
    order_by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    max_results: int = 10_000
