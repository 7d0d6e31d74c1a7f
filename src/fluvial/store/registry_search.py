"""Searching registered models and their versions.

Prompts are kept as registered models. They are found only by a filter that names the tag that marks them,
which everything without it has as `false`.

A version is found by its place in an index: of the newest, of its model, its run, its source. A filter by a
tag that few versions have begins with those: to look at each version for its tags took a hundred times as
long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Select, func, select

from fluvial.entities.registered_model import PROMPT_TAG, Stage
from fluvial.search import MODEL_VERSIONS, REGISTERED_MODELS, Noun, parse_filter, parse_order_by
from fluvial.search.sql import Rows, Scalar, Scope, Tables
from fluvial.search.sql_order import Place, narrow
from fluvial.search.tree import And, Comparison, Field, Node, Not, Operator, Or, SortKey, fields
from fluvial.store.database import Transaction
from fluvial.store.lists import among
from fluvial.store.model_versions import COLUMNS as VERSION_COLUMNS
from fluvial.store.model_versions import VersionRow, value_start
from fluvial.store.registered_models import COLUMNS as MODEL_COLUMNS
from fluvial.store.registered_models import RegisteredRow
from fluvial.store.registry_tables import (
    model_alias,
    model_version,
    model_version_tag,
    registered_model,
    registered_model_tag,
)

FEW = 2000
_IS_PROMPT = Field("", "is_prompt")
_CHOICES = {"false": 0, "true": 1}
_BY_TAG = Field("tags", PROMPT_TAG)


def _tags(source: Any, link: Mapping[str, Any]) -> Rows:
    return Rows(source=source, link=link, key="key", values={"value": lambda rows: rows.c.value})


MODEL_TABLES = Tables(
    noun=REGISTERED_MODELS,
    table=registered_model,
    attributes={
        "name": Scalar(value=registered_model.c.name),
        "description": Scalar(value=registered_model.c.description),
        "user_id": Scalar(value=registered_model.c.created_by),
        "creation_timestamp": Scalar(value=registered_model.c.created_ms),
        "last_updated_timestamp": Scalar(value=registered_model.c.updated_ms),
        "is_prompt": Scalar(value=registered_model.c.is_prompt, choices=_CHOICES),
    },
    collections={
        "tags": _tags(registered_model_tag, {"registered_id": registered_model.c.registered_id}),
        "aliases": Rows(
            source=model_alias,
            link={"registered_id": registered_model.c.registered_id},
            values={"name": lambda rows: rows.c.alias},
        ),
    },
)
VERSION_TABLES = Tables(
    noun=MODEL_VERSIONS,
    table=model_version,
    attributes={
        "name": Scalar(value=model_version.c.name),
        "version_number": Scalar(value=model_version.c.version, order=model_version.c.version),
        "run_id": Scalar(value=model_version.c.run_id),
        "model_id": Scalar(value=model_version.c.model_id),
        "source_path": Scalar(value=model_version.c.source),
        "stage": Scalar(value=model_version.c.stage, choices={str(stage): stage.number for stage in Stage}),
        "state": Scalar(value=model_version.c.state),
        "user_id": Scalar(value=model_version.c.created_by),
        "description": Scalar(value=model_version.c.description),
        "creation_timestamp": Scalar(value=model_version.c.created_ms),
        "last_updated_timestamp": Scalar(value=model_version.c.updated_ms),
        "is_prompt": Scalar(value=model_version.c.is_prompt, choices=_CHOICES),
    },
    collections={
        "tags": _tags(model_version_tag, {"version_key": model_version.c.version_key}),
        "aliases": Rows(
            source=model_alias,
            link={"registered_id": model_version.c.registered_id, "version": model_version.c.version},
            values={"name": lambda rows: rows.c.alias},
        ),
    },
)


class FoundModel(NamedTuple):
    """A model that was found, and its place in the order."""

    row: RegisteredRow
    place: Place


class FoundVersion(NamedTuple):
    """A version that was found, and its place in the order."""

    row: VersionRow
    place: Place


def find_models(
    transaction: Transaction,
    text: str,
    order: Sequence[SortKey],
    *,
    now_ms: int,
    after: Place | None,
    limit: int,
) -> list[FoundModel]:
    """Registered models that match a filter, in order, from after a place on.

    Raises:
        InvalidFilter: The filter is not in the search language.
    """
    found = _page(
        transaction,
        select(*MODEL_COLUMNS),
        _node(text, REGISTERED_MODELS),
        order,
        MODEL_TABLES,
        now_ms,
        after,
        limit,
    )
    n = len(MODEL_COLUMNS)
    return [FoundModel(RegisteredRow(*row[:n]), place) for row, place in found]


def find_versions(
    transaction: Transaction,
    text: str,
    order: Sequence[SortKey],
    *,
    now_ms: int,
    after: Place | None,
    limit: int,
) -> list[FoundVersion]:
    """Versions that match a filter, in order, from after a place on.

    Raises:
        InvalidFilter: The filter is not in the search language.
    """
    node = _node(text, MODEL_VERSIONS)
    statement = select(*VERSION_COLUMNS)
    few = _with_rarest_tag(transaction, node)
    if few is not None:
        statement = statement.where(among(model_version.c.version_key, few))
    found = _page(transaction, statement, node, order, VERSION_TABLES, now_ms, after, limit)
    n = len(VERSION_COLUMNS)
    return [FoundVersion(VersionRow(*row[:n]), place) for row, place in found]


def parsed_order(order_by: Sequence[str], noun: Noun) -> tuple[SortKey, ...]:
    """The sort keys of an ordering.

    Raises:
        InvalidFilter: It is not in the search language.
    """
    return parse_order_by(order_by, noun)


def _page(
    transaction: Transaction,
    statement: Select[Any],
    node: Node,
    order: Sequence[SortKey],
    tables: Tables,
    now_ms: int,
    after: Place | None,
    limit: int,
) -> list[tuple[Any, Place]]:
    scope = Scope(tables=tables, dialect=transaction.dialect_name, now_ms=now_ms)
    n = len(statement.selected_columns)
    ordered = narrow(statement, node, order, scope, after)
    return [(row, ordered.place(row[n:])) for row in transaction.select(ordered.statement.limit(limit))]


def _node(text: str, noun: Noun) -> Node:
    """The filter, with prompts left out where it does not name their tag."""
    node = parse_filter(text, noun)
    if _BY_TAG in fields(node) or _IS_PROMPT in fields(node):
        return _by_column(node)
    return And((node, Comparison(_IS_PROMPT, Operator.EQUAL, "false")))


def _by_column(node: Node) -> Node:
    """The same, with the tag that marks prompts read from a column that everything has."""
    match node:
        case And(operands=operands):
            return And(tuple(_by_column(operand) for operand in operands))
        case Or(operands=operands):
            return Or(tuple(_by_column(operand) for operand in operands))
        case Not(operand=operand):
            return Not(_by_column(operand))
        case Comparison(field=field) if field == _BY_TAG:
            return replace(node, field=_IS_PROMPT)
        case Comparison():
            return node


def _with_rarest_tag(transaction: Transaction, node: Node) -> list[int] | None:
    """The versions that have a tag which the filter demands and few have; None where it demands none such."""
    kept = model_version_tag.c
    fewest: list[int] | None = None
    for name, value in _demanded_tags(node):
        wanted = (kept.key == name) & (kept.value_start == value_start(value)) & (kept.value == value)
        some = select(kept.version_key).where(wanted)
        ((n,),) = transaction.select(select(func.count()).select_from(some.limit(FEW + 1).subquery()))
        if n <= FEW and (fewest is None or n < len(fewest)):
            fewest = [key for (key,) in transaction.select(some)]
    return fewest


def _demanded_tags(node: Node) -> Iterator[tuple[str, str]]:
    """Tags, with their values, without which nothing matches."""
    match node:
        case And(operands=operands):
            for operand in operands:
                yield from _demanded_tags(operand)
        case Comparison(field=field, operator=Operator.EQUAL, operand=str(value), is_negated=False):
            if field.collection == "tags":
                yield field.name, value
        case _:
            return
