"""A table of runs over the wire: any part of it, from any row on."""

from __future__ import annotations

from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.entities.run import RunStatus
from fluvial.wire.endpoint import Endpoint, Message


class ReadRunTable(Message, frozen=True, kw_only=True):
    """Read some rows of the table of all runs that match.

    Attributes:
        experiment_ids: Where to look.
        filter: In the language of docs/search.md.
        run_view_type: Which lifecycle stages to look at.
        order_by: Keys, each with ASC or DESC; newest first where there are none.
        fields: What to show of each run beside its attributes, such as `params.depth`, `max(metrics.auc)`,
            `tags.team` and `datasets.name`; up to 200.
        offset: How many rows to pass over.
        max_rows: How many to give, 0 to 10,000.
        is_nested: Whether runs stand below those that they are within. Their parents are then in the table
            whether they match or not.
        is_open: Whether families are open, so that all of their runs are rows.
        toggled: Ids of runs whose families are the other way.
    """

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY
    order_by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    offset: int = 0
    max_rows: int = 100
    is_nested: bool = False
    is_open: bool = False
    toggled: tuple[str, ...] = ()


class TableRow(Message, frozen=True, kw_only=True):
    """A run of the table.

    Attributes:
        run_id: Its id.
        experiment_id: Its experiment.
        run_name: For people.
        status: How far it has come.
        lifecycle_stage: Whether it is in the trash.
        start_time: ms since the epoch.
        end_time: ms since the epoch; absent while it runs.
        user_id: Who started it.
        depth: How many runs it is within, in a table of nested runs.
        n_below: How many runs of the table are within it, at any depth.
        is_open: Whether these are rows too.
        is_match: False of a run that is here only because of others within it.
    """

    run_id: str
    experiment_id: str
    run_name: str
    status: RunStatus
    lifecycle_stage: LifecycleStage
    start_time: int
    end_time: int | None = None
    user_id: str = ""
    depth: int = 0
    n_below: int = 0
    is_open: bool = False
    is_match: bool = True


class TableColumn(Message, frozen=True, kw_only=True):
    """One field of the rows: which of them have it, counted from the first row given, and their values.

    Attributes:
        rows: Places of rows, ascending.
        numbers: Of a metric, one for each of these.
        texts: Of anything else.
    """

    rows: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()


class RunTable(Message, frozen=True, kw_only=True):
    """Some rows of a table.

    Attributes:
        rows: In order.
        columns: Of each field that was asked for.
        n_rows: How many rows the whole table has.
        n_runs: How many runs match.
    """

    rows: tuple[TableRow, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    n_rows: int = 0
    n_runs: int = 0


READ_RUN_TABLE = Endpoint("POST", "/api/1.0/fluvial/runs/table", ReadRunTable, RunTable, is_repeatable=True)
