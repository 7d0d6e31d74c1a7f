"""Searching runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, Select, case, cast, func, select

from fluvial.entities.experiment import ViewType
from fluvial.entities.run import RunStatus
from fluvial.search import RUNS, parse_filter, parse_order_by
from fluvial.search.sql import Rows, Scalar, Scope, Tables, interned_keys, narrow, where
from fluvial.search.tree import Node, SortKey
from fluvial.store import keys
from fluvial.store.database import Transaction
from fluvial.store.lifecycle import in_view
from fluvial.store.runs import COLUMNS, RunRow
from fluvial.store.tables import dataset, metric, param, run, run_input, tag
from fluvial.store.texts import RUN_TEXTS

_LINK = {"experiment_id": run.c.experiment_id, "run_key": run.c.run_key}
_INPUTS = (
    select(
        run_input.c.experiment_id,
        run_input.c.run_key,
        dataset.c.name,
        dataset.c.digest,
        run_input.c.context,
    )
    .join(
        dataset,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .subquery()
)


def _mean(rows: FromClause) -> ColumnElement[float]:
    # PostgreSQL fails the whole search where a quotient is too small for float64.
    is_tiny = func.abs(rows.c.sum_value) < 1e-290
    return case((is_tiny, 0.0), else_=rows.c.sum_value / func.nullif(rows.c.n_points - rows.c.n_nan, 0))


TABLES = Tables(
    noun=RUNS,
    table=run,
    attributes={
        "run_id": Scalar(value=run.c.run_id),
        "run_name": Scalar(value=run.c.name),
        "user_id": Scalar(value=run.c.user_id),
        "status": Scalar(value=run.c.status, choices={status.value: status.number for status in RunStatus}),
        "start_time": Scalar(value=run.c.start_ms),
        "end_time": Scalar(value=run.c.end_ms),
        # As float64: two times that a client made up may be further apart than 64 bits can say.
        "duration": Scalar(value=cast(run.c.end_ms, Double) - cast(run.c.start_ms, Double)),
        "artifact_uri": Scalar(value=run.c.artifact_uri),
    },
    has_words=RUN_TEXTS.has_words,
    collections={
        "metrics": Rows(
            source=metric,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={
                "last": lambda rows: rows.c.last_value,
                "min": lambda rows: rows.c.min_value,
                "max": lambda rows: rows.c.max_value,
                "mean": _mean,
                "count": lambda rows: rows.c.n_points,
            },
        ),
        "params": Rows(
            source=param,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "tags": Rows(
            source=tag,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "datasets": Rows(
            source=_INPUTS,
            link=_LINK,
            values={
                "name": lambda rows: rows.c.name,
                "digest": lambda rows: rows.c.digest,
                "context": lambda rows: rows.c.context,
            },
        ),
    },
)


def find_page(
    transaction: Transaction,
    experiment_ids: Sequence[int],
    text: str,
    order_by: Sequence[str],
    view: ViewType,
    *,
    now_ms: int,
    offset: int,
    limit: int,
) -> list[RunRow]:
    """Runs that match a filter, in order.

    Raises:
        InvalidFilter: The filter or the order is not in the search language.
    """
    node = parse_filter(text, RUNS)
    order = parse_order_by(order_by, RUNS)
    statement = narrow(
        _among(select(*COLUMNS), experiment_ids, view), node, order, _scope(transaction, node, order, now_ms)
    )
    rows = transaction.select(statement.limit(limit).offset(offset))
    return [RunRow(*row) for row in rows]


def count(
    transaction: Transaction, experiment_ids: Sequence[int], text: str, view: ViewType, *, now_ms: int
) -> int:
    """How many runs match a filter.

    Raises:
        InvalidFilter: The filter is not in the search language.
    """
    node = parse_filter(text, RUNS)
    statement = _among(select(func.count()).select_from(run), experiment_ids, view)
    condition = where(node, _scope(transaction, node, (), now_ms))
    return int(transaction.select(statement.where(condition))[0][0])


def _among(statement: Select[Any], experiment_ids: Sequence[int], view: ViewType) -> Select[Any]:
    return statement.where(run.c.experiment_id.in_(experiment_ids), in_view(run.c.is_deleted, view))


def _scope(transaction: Transaction, node: Node, order: Sequence[SortKey], now_ms: int) -> Scope:
    names = interned_keys(node, order, TABLES)
    return Scope(
        tables=TABLES,
        dialect=transaction.dialect_name,
        now_ms=now_ms,
        key_ids=keys.find_ids(transaction.database, names),
    )
