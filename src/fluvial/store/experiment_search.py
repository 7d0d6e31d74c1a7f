"""Searching experiments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Text, cast, select

from fluvial.entities.experiment import ViewType
from fluvial.search import EXPERIMENTS, parse_filter, parse_order_by
from fluvial.search.sql import Rows, Scalar, Scope, Tables
from fluvial.search.sql_order import Place, narrow
from fluvial.search.tree import SortKey
from fluvial.store.database import Transaction
from fluvial.store.experiments import COLUMNS, ExperimentRow
from fluvial.store.lifecycle import in_view
from fluvial.store.tables import experiment, experiment_tag
from fluvial.store.texts import EXPERIMENT_TEXTS

TABLES = Tables(
    noun=EXPERIMENTS,
    table=experiment,
    attributes={
        "name": Scalar(value=experiment.c.name),
        "experiment_id": Scalar(
            value=cast(experiment.c.experiment_id, Text), order=experiment.c.experiment_id
        ),
        "creation_time": Scalar(value=experiment.c.created_ms),
        "last_update_time": Scalar(value=experiment.c.updated_ms),
        "last_activity_time": Scalar(value=experiment.c.active_ms),
    },
    has_words=EXPERIMENT_TEXTS.has_words,
    collections={
        "tags": Rows(
            source=experiment_tag,
            link={"experiment_id": experiment.c.experiment_id},
            key="key",
            values={"value": lambda rows: rows.c.value},
        )
    },
)


class Found(NamedTuple):
    """An experiment that was found, and its place in the order."""

    row: ExperimentRow
    place: Place


def find_page(
    transaction: Transaction,
    text: str,
    order: Sequence[SortKey],
    view: ViewType,
    *,
    now_ms: int,
    after: Place | None,
    limit: int,
) -> list[Found]:
    """Experiments that match a filter, in order, from after a place on.

    Raises:
        InvalidFilter: The filter is not in the search language.
    """
    node = parse_filter(text, EXPERIMENTS)
    scope = Scope(tables=TABLES, dialect=transaction.dialect_name, now_ms=now_ms)
    statement = select(*COLUMNS).where(in_view(experiment.c.is_deleted, view))
    ordered = narrow(statement, node, order, scope, after)
    return [
        Found(ExperimentRow(*row[: len(COLUMNS)]), ordered.place(row[len(COLUMNS) :]))
        for row in transaction.select(ordered.statement.limit(limit))
    ]


def parsed_order(order_by: Sequence[str]) -> tuple[SortKey, ...]:
    """The sort keys of an ordering.

    Raises:
        InvalidFilter: It is not in the search language.
    """
    return parse_order_by(order_by, EXPERIMENTS)
