"""Searching experiments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Text, cast, select

from fluvial.entities.experiment import ViewType
from fluvial.search import EXPERIMENTS, parse_filter, parse_order_by
from fluvial.search.sql import Rows, Scalar, Scope, Tables, narrow
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


def find_page(
    transaction: Transaction,
    text: str,
    order_by: Sequence[str],
    view: ViewType,
    *,
    now_ms: int,
    offset: int,
    limit: int,
) -> list[ExperimentRow]:
    """Experiments that match a filter, in order.

    Raises:
        InvalidFilter: The filter or the order is not in the search language.
    """
    node = parse_filter(text, EXPERIMENTS)
    order = parse_order_by(order_by, EXPERIMENTS)
    scope = Scope(tables=TABLES, dialect=transaction.dialect_name, now_ms=now_ms)
    statement = select(*COLUMNS).where(in_view(experiment.c.is_deleted, view))
    statement = narrow(statement, node, order, scope).limit(limit).offset(offset)
    return [ExperimentRow(*row) for row in transaction.select(statement)]
