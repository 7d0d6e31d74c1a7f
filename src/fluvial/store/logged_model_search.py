"""Searching logged models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Select, select

from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.search import LOGGED_MODELS, Collection, Type, parse_filter, parse_order_by
from fluvial.search.sql import Rows, Scalar, Scope, Tables
from fluvial.search.sql_order import Place, narrow
from fluvial.search.tree import Field, SortKey
from fluvial.store.database import Transaction
from fluvial.store.lists import among
from fluvial.store.logged_model_metrics import last_over_runs, measured
from fluvial.store.logged_models import COLUMNS, LoggedModelRow
from fluvial.store.registry_tables import logged_model, logged_model_param, logged_model_tag

Dataset = tuple[str, str | None]

_LINK = {"experiment_id": logged_model.c.experiment_id, "model_key": logged_model.c.model_key}
_STATUSES = {status.name: status.number for status in LoggedModelStatus}


class Found(NamedTuple):
    """A model that was found, and its place in the order."""

    row: LoggedModelRow
    place: Place


class Ordering(NamedTuple):
    """What models are sorted by.

    Attributes:
        sort_keys: In the words of `tables`.
        tables: Where the fields are; a metric of a dataset is in a collection of its own.
    """

    sort_keys: tuple[SortKey, ...]
    tables: Tables


def ordering(order: Sequence[tuple[str, bool, Dataset | None]], datasets: Sequence[Dataset]) -> Ordering:
    """What a search is sorted by.

    Args:
        order: Field, whether it ascends, and the dataset of a metric that is meant as measured on one.
        datasets: Those that the metrics of the filter are of.

    Raises:
        InvalidFilter: A field is none of a logged model.
    """
    tables = _tables(list(datasets))
    sort_keys = []
    for number, (name, is_ascending, dataset) in enumerate(order):
        (parsed,) = parse_order_by([name], tables.noun)
        field = parsed.field
        if field.collection == "metrics":
            # A filter looks at every dataset and run, an order needs one value of each model.
            collection = f"metrics of order {number}"
            tables = _with_metrics(tables, collection, dataset)
            field = Field(collection, field.name)
        sort_keys.append(SortKey(field, is_ascending))
    return Ordering(tuple(sort_keys), tables)


def find_page(
    transaction: Transaction,
    experiment_ids: Sequence[int],
    text: str,
    order: Ordering,
    *,
    now_ms: int,
    after: Place | None,
    limit: int,
) -> list[Found]:
    """Models that match a filter, in order, from after a place on.

    Raises:
        InvalidFilter: The filter is not in the search language.
    """
    node = parse_filter(text, LOGGED_MODELS)
    scope = Scope(tables=order.tables, dialect=transaction.dialect_name, now_ms=now_ms)
    statement = select(*COLUMNS).where(
        among(logged_model.c.experiment_id, list(experiment_ids)), logged_model.c.is_deleted == 0
    )
    ordered = narrow(statement, node, order.sort_keys, scope, after)
    return [
        Found(LoggedModelRow(*row[: len(COLUMNS)]), ordered.place(row[len(COLUMNS) :]))
        for row in transaction.select(ordered.statement.limit(limit))
    ]


def _tables(datasets: list[Dataset]) -> Tables:
    return Tables(
        noun=LOGGED_MODELS,
        table=logged_model,
        attributes={
            "name": Scalar(value=logged_model.c.name),
            "model_id": Scalar(value=logged_model.c.model_id),
            "model_type": Scalar(value=logged_model.c.model_type),
            "status": Scalar(value=logged_model.c.status, choices=_STATUSES),
            "source_run_id": Scalar(value=logged_model.c.source_run_id),
            "artifact_uri": Scalar(value=logged_model.c.artifact_uri),
            "creation_timestamp": Scalar(value=logged_model.c.created_ms),
            "last_updated_timestamp": Scalar(value=logged_model.c.updated_ms),
        },
        collections={
            "metrics": _metrics(measured(datasets)),
            "params": Rows(
                source=logged_model_param,
                link=_LINK,
                key="key",
                values={"value": lambda rows: rows.c.value},
            ),
            "tags": Rows(
                source=logged_model_tag,
                link=_LINK,
                key="key",
                values={"value": lambda rows: rows.c.value},
            ),
        },
    )


def _metrics(found: Select[Any]) -> Rows:
    return Rows(
        source=found.subquery(),
        link=_LINK,
        key="key",
        values={"value": lambda rows: rows.c.value},
    )


def _with_metrics(tables: Tables, name: str, dataset: Dataset | None) -> Tables:
    noun = replace(
        tables.noun, collections=(*tables.noun.collections, Collection(name=name, type=Type.NUMBER))
    )
    return replace(
        tables, noun=noun, collections={**tables.collections, name: _metrics(last_over_runs(dataset))}
    )
