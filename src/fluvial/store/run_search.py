"""Searching runs.

There are two ways, which give the same answers. Small experiments the database searches; those that have
`columns_from_runs` runs or more are searched by their columns in memory. `divided` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Select, bindparam, func, select

from fluvial.entities.experiment import ViewType
from fluvial.search import RUNS, parse_filter, parse_order_by
from fluvial.search.sql import Scope, interned_keys, where
from fluvial.search.sql_order import Place, complete_order, narrow
from fluvial.search.tree import Field, Node, SortKey, fields
from fluvial.store import experiments, keys
from fluvial.store.columns import matching, ordering
from fluvial.store.columns.cache import cache_of
from fluvial.store.columns.table import Table
from fluvial.store.database import Transaction
from fluvial.store.lifecycle import in_view
from fluvial.store.lists import AnyOf, among, as_list
from fluvial.store.run_fields import TABLES
from fluvial.store.runs import COLUMNS, RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import run

_BY_KEYS = Statement(
    select(*COLUMNS).where(run.c.experiment_id == bindparam("e"), AnyOf(run.c.run_key, "run_keys"))
)


class Found(NamedTuple):
    """A run that was found, and its place in the order."""

    row: RunRow
    place: Place


class _Placed(Protocol):
    @property
    def place(self) -> Place: ...


_One = TypeVar("_One", bound=_Placed)


class Search(NamedTuple):
    """What is looked for among the runs of some experiments.

    Attributes:
        experiment_ids: Where to look.
        node: The filter.
        view: Which lifecycle stages to look at.
        now_ms: Time of the search.
    """

    experiment_ids: Sequence[int]
    node: Node
    view: ViewType
    now_ms: int

    @classmethod
    def of(cls, experiment_ids: Sequence[int], text: str, view: ViewType, now_ms: int) -> Search:
        """The search for what a filter says.

        Raises:
            InvalidFilter: The filter is not in the search language.
        """
        return cls(experiment_ids, parse_filter(text, RUNS), view, now_ms)

    def scope(self, transaction: Transaction, others: Iterable[Field] = ()) -> Scope:
        """What is known of it, and of some other fields, in a transaction."""
        mentioned = [*fields(self.node), *others]
        names = interned_keys(mentioned, TABLES)
        return Scope(
            tables=TABLES,
            dialect=transaction.dialect_name,
            now_ms=self.now_ms,
            key_ids=keys.find_ids(transaction.database, names),
            experiment_names=experiments.names(transaction, self.experiment_ids)
            if Field("", "experiment_name") in mentioned
            else {},
        )


def find_page(
    transaction: Transaction,
    search: Search,
    order: Sequence[SortKey],
    *,
    after: Place | None = None,
    limit: int,
) -> list[Found]:
    """Runs that match, in order, from after a place on."""
    by_rows, by_columns = divided(transaction, search.experiment_ids, order)
    parts = [_first_by_columns(transaction, one, search, order, after, limit) for one in by_columns]
    if by_rows or not by_columns:
        parts.append(_first_by_rows(transaction, by_rows, search, order, after, limit))
    return parts[0] if len(parts) == 1 else merged(parts, order)[:limit]


def count(transaction: Transaction, search: Search) -> int:
    """How many runs match."""
    by_rows, by_columns = divided(transaction, search.experiment_ids, ())
    scope = search.scope(transaction)
    n = 0
    for experiment_id in by_columns:
        table = table_of(transaction, experiment_id, search, (), scope)
        n += len(matching.matching(transaction, table, search.node, search.view, scope))
    if by_rows:
        statement = among_runs(select(func.count()).select_from(run), by_rows, search.view)
        n += int(transaction.select(statement.where(where(search.node, scope)))[0][0])
    return n


def parsed_order(order_by: Sequence[str]) -> tuple[SortKey, ...]:
    """The sort keys of an ordering.

    Raises:
        InvalidFilter: It is not in the search language.
    """
    return parse_order_by(order_by, RUNS)


def divided(
    transaction: Transaction, experiment_ids: Sequence[int], order: Sequence[SortKey]
) -> tuple[list[int], list[int]]:
    """The experiments that the database searches, and those that are searched by their columns."""
    database = transaction.database
    if not transaction.reads_only or database.columns_limit_bytes <= 0 or not ordering.can_order(order):
        return list(experiment_ids), []
    large = cache_of(database).large_among(transaction, experiment_ids)
    return [one for one in experiment_ids if one not in set(large)], large


def _first_by_rows(
    transaction: Transaction,
    experiment_ids: Sequence[int],
    search: Search,
    order: Sequence[SortKey],
    after: Place | None,
    limit: int,
) -> list[Found]:
    statement = among_runs(select(*COLUMNS), experiment_ids, search.view)
    ordered = narrow(
        statement, search.node, order, search.scope(transaction, [key.field for key in order]), after
    )
    return [
        Found(RunRow(*row[: len(COLUMNS)]), ordered.place(row[len(COLUMNS) :]))
        for row in transaction.select(ordered.statement.limit(limit))
    ]


def _first_by_columns(
    transaction: Transaction,
    experiment_id: int,
    search: Search,
    order: Sequence[SortKey],
    after: Place | None,
    limit: int,
) -> list[Found]:
    scope = search.scope(transaction, [key.field for key in order])
    table = table_of(transaction, experiment_id, search, [key.field for key in order], scope)
    slots = matching.matching(transaction, table, search.node, search.view, scope)
    sort_keys = ordering.keys_of(table, order, scope)
    slots = ordering.first(slots, sort_keys, limit, after)
    rows = rows_of(transaction, experiment_id, table.run_keys_at(slots))
    return [Found(*found) for found in zip(rows, ordering.places(slots, sort_keys), strict=True)]


def table_of(
    transaction: Transaction, experiment_id: int, search: Search, others: Iterable[Field], scope: Scope
) -> Table:
    """The columns that a search needs, and those of some other fields."""
    needed = matching.columns_of([*fields(search.node), *others], scope)
    return cache_of(transaction.database).table(transaction, experiment_id, needed)


def rows_of(transaction: Transaction, experiment_id: int, run_keys: list[int]) -> list[RunRow]:
    """Runs of an experiment by their keys, in the order of these."""
    given = {"e": experiment_id, "run_keys": as_list(transaction.dialect, run_keys)}
    rows = {row[1]: RunRow(*row) for row in transaction.rows(_BY_KEYS, given)}
    return [rows[run_key] for run_key in run_keys]


def merged(parts: Sequence[list[_One]], order: Sequence[SortKey]) -> list[_One]:
    """What was found in several places, in one order."""
    found = [one for part in parts for one in part]
    return [found[at] for at in in_order([one.place for one in found], order)]


def in_order(places: Sequence[Place], order: Sequence[SortKey]) -> list[int]:
    """Positions of some places of several experiments, by an order."""
    found = list(range(len(places)))
    for number, sort_key in reversed(list(enumerate(complete_order(order, RUNS)))):
        positions = [place[number] for place in places]
        of_text = any(isinstance(position.value, str) for position in positions)
        nothing = "" if of_text else 0
        values = [nothing if position.value is None else position.value for position in positions]
        found.sort(key=values.__getitem__, reverse=not sort_key.is_ascending)
        found.sort(key=[position.rank for position in positions].__getitem__)
    return found


def among_runs(statement: Select[Any], experiment_ids: Sequence[int], view: ViewType) -> Select[Any]:
    """A statement with only the runs of some experiments that are in view."""
    return statement.where(among(run.c.experiment_id, list(experiment_ids)), in_view(run.c.is_deleted, view))
