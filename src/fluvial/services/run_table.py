"""A table of runs: any part of it, from any row on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.run import RunStatus
from fluvial.errors import InvalidRequest
from fluvial.search.tree import Field, SortKey
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import run_cells, run_order, run_search, runs
from fluvial.store.run_cells import DATASETS, Cell
from fluvial.store.run_order import Refs
from fluvial.store.run_search import Search
from fluvial.store.run_tree import Tree
from fluvial.store.runs import RunRow
from fluvial.wire.run_table import READ_RUN_TABLE, ReadRunTable, RunTable, TableColumn, TableRow

MAX_FIELDS = 200
MAX_ROWS = 10_000
MAX_TOGGLED = 10_000


class _Line(NamedTuple):
    """A row of the table before it is read."""

    experiment_id: int
    run_key: int
    depth: int = 0
    n_below: int = 0
    is_open: bool = False
    is_match: bool = True


@serve(READ_RUN_TABLE, needs=Permission.READ)
def read_run_table(context: Context, request: ReadRunTable) -> RunTable:
    """Some rows of the table of all runs that match, with the fields that are asked for.

    Raises:
        InvalidRequest: Too much is asked for, or a field is an attribute, which every row has.
        InvalidFilter: The filter, an order or a field is not in the search language.
    """
    if request.max_rows != 0:
        rules.page_size(request.max_rows, maximum=MAX_ROWS, name="max_rows")
    if not 0 <= request.offset < 2**53:
        raise InvalidRequest(f"offset counts rows, from 0; not {request.offset}.")
    if len(request.toggled) > MAX_TOGGLED:
        raise InvalidRequest(f"Up to {MAX_TOGGLED} families are toggled, not {len(request.toggled)}.")
    fields = _fields(request.fields)
    search = Search.of(
        rules.experiment_ids(request.experiment_ids),
        request.filter,
        request.run_view_type,
        context.now_ms,
    )
    order = run_search.parsed_order(request.order_by)
    n_runs = run_search.count(context.transaction, search)
    span = slice(request.offset, request.offset + request.max_rows)
    nested = _nested(context, search, order, request, span) if request.is_nested else None
    if nested is None:
        nested = n_runs, _flat(run_order.first(context.transaction, search, order, span.stop).part(span))
    n_rows, lines = nested
    rows = _read(context, lines)
    return RunTable(
        rows=tuple(_as_message(row, line) for row, line in zip(rows, lines, strict=True)),
        columns=_columns(context, rows, fields),
        n_rows=n_rows,
        n_runs=n_runs,
    )


def _fields(texts: Sequence[str]) -> list[Field]:
    if len(texts) > MAX_FIELDS:
        raise InvalidRequest(
            f"A table has up to {MAX_FIELDS} fields, not {len(texts)}: ask for those in view."
        )
    # What a run may have several of cannot be sorted by, so it is no field of an order.
    parsed = iter(run_search.parsed_order([text for text in texts if text != "datasets.name"]))
    fields = [DATASETS if text == "datasets.name" else next(parsed).field for text in texts]
    for text, field in zip(texts, fields, strict=True):
        if not field.collection:
            raise InvalidRequest(f"Every row has its attributes: {text} is no field to ask for.")
    return fields


def _flat(refs: Refs) -> list[_Line]:
    return [
        _Line(experiment_id, run_key)
        for experiment_id, run_key in zip(refs.experiment_ids.tolist(), refs.run_keys.tolist(), strict=True)
    ]


def _nested(
    context: Context, search: Search, order: Sequence[SortKey], request: ReadRunTable, span: slice
) -> tuple[int, list[_Line]] | None:
    """How many rows a table of nested runs has, and some of them; None where no run is within another."""
    kin = run_order.kin(context.transaction, search, order)
    if kin is None:
        return None
    tree = Tree(kin.parents, kin.matched)
    toggled = _places(context, request.toggled, kin.refs)
    rows = tree.rows(toggled, is_open=request.is_open)
    lines = [
        _Line(
            int(kin.refs.experiment_ids[place]),
            int(kin.refs.run_keys[place]),
            depth,
            int(tree.n_below[place]),
            bool(tree.n_below[place]) and request.is_open != (place in toggled),
            bool(tree.is_match[place]),
        )
        for place, depth in rows[span]
    ]
    return len(rows), lines


def _places(context: Context, run_ids: Sequence[str], refs: Refs) -> set[int]:
    """Where some runs are; a run's key is its own over all experiments."""
    if not run_ids:
        return set()
    wanted = np.array([row.run_key for row in runs.find_all(context.transaction, run_ids)], np.int64)
    return set(np.flatnonzero(np.isin(refs.run_keys, wanted)).tolist())


def _read(context: Context, lines: Sequence[_Line]) -> list[RunRow]:
    by_experiment: dict[int, list[int]] = {}
    for line in lines:
        by_experiment.setdefault(line.experiment_id, []).append(line.run_key)
    found = {
        (row.experiment_id, row.run_key): row
        for experiment_id, run_keys in by_experiment.items()
        for row in run_search.rows_of(context.transaction, experiment_id, run_keys)
    }
    return [found[line.experiment_id, line.run_key] for line in lines]


def _columns(context: Context, rows: Sequence[RunRow], fields: Sequence[Field]) -> tuple[TableColumn, ...]:
    cells = run_cells.read(context.transaction, rows, fields)
    columns = []
    for field in fields:
        values = cells[field]
        places = [place for place, row in enumerate(rows) if row.run_key in values]
        given: list[Cell] = [values[rows[place].run_key] for place in places]
        is_number = field.collection == "metrics"
        columns.append(
            TableColumn(
                rows=tuple(places),
                numbers=tuple(float(value) for value in given) if is_number else (),
                texts=() if is_number else tuple(str(value) for value in given),
            )
        )
    return tuple(columns)


def _as_message(row: RunRow, line: _Line) -> TableRow:
    return TableRow(
        run_id=row.run_id,
        experiment_id=str(row.experiment_id),
        run_name=row.name,
        status=RunStatus.from_number(row.status),
        lifecycle_stage=LifecycleStage.DELETED if row.is_deleted else LifecycleStage.ACTIVE,
        start_time=row.start_ms,
        end_time=row.end_ms,
        user_id=row.user_id,
        depth=line.depth,
        n_below=line.n_below,
        is_open=line.is_open,
        is_match=line.is_match,
    )
