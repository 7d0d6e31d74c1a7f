"""Runs that match in their order, as keys: what a table is cut from that begins anywhere.

A page that begins after another reads on from a place (`run_search.find_page`); somebody who drags a
scrollbar begins at a number. Keys are enough to count off, so that only the runs in view are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, select

from fluvial.entities.run import PARENT_TAG
from fluvial.search.sql_order import Place, narrow
from fluvial.search.tree import Field, SortKey
from fluvial.store import keys, run_search
from fluvial.store.columns import matching, ordering
from fluvial.store.columns.table import ColumnId, Part, Table, joined
from fluvial.store.database import Transaction
from fluvial.store.run_search import Search
from fluvial.store.run_tree import links
from fluvial.store.statement import Statement
from fluvial.store.tables import run, tag

_PARENT = Field("tags", PARENT_TAG)
_ALL = 2**62
_NAMED_PARENTS = Statement(
    select(run.c.run_key, run.c.run_id, tag.c.value)
    .join(
        tag,
        (tag.c.experiment_id == run.c.experiment_id)
        & (tag.c.run_key == run.c.run_key)
        & (tag.c.key_id == bindparam("parent")),
        isouter=True,
    )
    .where(run.c.experiment_id == bindparam("e"))
    .order_by(run.c.run_key)
)


class Refs(NamedTuple):
    """Runs by their keys, in order."""

    experiment_ids: NDArray[np.int64]
    run_keys: NDArray[np.int64]

    def part(self, span: slice) -> Refs:
        """Those that follow each other."""
        return Refs(self.experiment_ids[span], self.run_keys[span])


class _Hit(NamedTuple):
    experiment_id: int
    run_key: int
    place: Place


class Kin(NamedTuple):
    """Runs of some experiments, and which of them is the parent of each.

    Attributes:
        refs: Those that match and, of experiments in which runs are within others, all.
        parents: Of each, the place of its parent; -1 where its experiment has none.
        matched: The places of those that match, in their order.
    """

    refs: Refs
    parents: NDArray[np.intp]
    matched: NDArray[np.intp]


def first(transaction: Transaction, search: Search, order: Sequence[SortKey], n: int) -> Refs:
    """The first runs that match, in order."""
    by_rows, by_columns = run_search.divided(transaction, search.experiment_ids, order)
    if len(by_columns) == 1 and not by_rows:
        table, slots, _ = _slots(transaction, by_columns[0], search, order, n)
        run_keys = np.array(table.run_keys_at(slots), np.int64)
        return Refs(np.full(len(run_keys), by_columns[0], np.int64), run_keys)
    if not by_columns:
        found = transaction.select(_narrowed(transaction, by_rows, search, order).limit(n))
        return _refs([(row[0], row[1]) for row in found])
    parts = [_hits_by_columns(transaction, one, search, order, n) for one in by_columns]
    if by_rows:
        parts.append(_hits_by_rows(transaction, by_rows, search, order, n))
    return _refs([(hit.experiment_id, hit.run_key) for hit in run_search.merged(parts, order)[:n]])


def kin(transaction: Transaction, search: Search, order: Sequence[SortKey]) -> Kin | None:
    """Who is whose parent among the runs that match and those around them; None where nobody is."""
    found = {one: _kin_of(transaction, one, search) for one in search.experiment_ids}
    if all(one is None for one in found.values()):
        return None
    refs = first(transaction, search, order, _ALL)
    matched = np.empty(len(refs.run_keys), np.intp)
    parts: list[Refs] = []
    parents: list[NDArray[np.intp]] = []
    n = 0
    for experiment_id, own in found.items():
        is_here = refs.experiment_ids == experiment_id
        run_keys, above = own or (np.sort(refs.run_keys[is_here]), np.full(is_here.sum(), -1, np.intp))
        matched[is_here] = n + np.searchsorted(run_keys, refs.run_keys[is_here])
        parts.append(Refs(np.full(len(run_keys), experiment_id, np.int64), run_keys))
        parents.append(np.where(above >= 0, above + n, -1))
        n += len(run_keys)
    every = Refs(
        np.concatenate([part.experiment_ids for part in parts]),
        np.concatenate([part.run_keys for part in parts]),
    )
    return Kin(every, np.concatenate(parents), matched)


def _kin_of(
    transaction: Transaction, experiment_id: int, search: Search
) -> tuple[NDArray[np.int64], NDArray[np.intp]] | None:
    """The keys of all runs of an experiment, ascending, and the places of their parents among them."""
    by_rows, _ = run_search.divided(transaction, [experiment_id], ())
    if by_rows:
        key_id = keys.find_ids(transaction.database, [PARENT_TAG])[PARENT_TAG]
        found = transaction.rows(_NAMED_PARENTS, {"e": experiment_id, "parent": key_id})
        if all(row[2] is None for row in found):
            return None
        places = {row[1]: place for place, row in enumerate(found)}
        parents = [-1 if row[2] is None else places.get(row[2], -1) for row in found]
        return np.array([row[0] for row in found], np.int64), np.array(parents, np.intp)
    scope = search.scope(transaction, [_PARENT])
    table = run_search.table_of(transaction, experiment_id, search, [_PARENT], scope)
    above = _parents_in(table, ColumnId(Part.TAG, scope.key_ids[PARENT_TAG]))
    return None if above is None else (table.run_keys(), above)


def _parents_in(table: Table, column: ColumnId) -> NDArray[np.intp] | None:
    codes = joined([table.codes(column, block) for block in range(len(table.runs))], np.int32)
    if not (codes >= 0).any():
        return None
    high = np.concatenate([block.id_high for block in table.runs])
    low = np.concatenate([block.id_low for block in table.runs])
    return links(codes.astype(np.intp), table.dictionary(column).texts, high, low)


def _slots(
    transaction: Transaction, experiment_id: int, search: Search, order: Sequence[SortKey], n: int
) -> tuple[Table, NDArray[np.intp], list[ordering.Key]]:
    fields = [key.field for key in order]
    scope = search.scope(transaction, fields)
    table = run_search.table_of(transaction, experiment_id, search, fields, scope)
    sort_keys = ordering.keys_of(table, order, scope)
    slots = matching.matching(transaction, table, search.node, search.view, scope)
    return table, ordering.first(slots, sort_keys, n), sort_keys


def _hits_by_columns(
    transaction: Transaction, experiment_id: int, search: Search, order: Sequence[SortKey], n: int
) -> list[_Hit]:
    table, slots, sort_keys = _slots(transaction, experiment_id, search, order, n)
    places = ordering.places(slots, sort_keys)
    return [
        _Hit(experiment_id, run_key, place)
        for run_key, place in zip(table.run_keys_at(slots), places, strict=True)
    ]


def _hits_by_rows(
    transaction: Transaction, experiment_ids: Sequence[int], search: Search, order: Sequence[SortKey], n: int
) -> list[_Hit]:
    statement = run_search.among_runs(select(run.c.experiment_id, run.c.run_key), experiment_ids, search.view)
    ordered = narrow(statement, search.node, order, search.scope(transaction, [key.field for key in order]))
    return [
        _Hit(row[0], row[1], ordered.place(row[2:])) for row in transaction.select(ordered.statement.limit(n))
    ]


def _narrowed(
    transaction: Transaction, experiment_ids: Sequence[int], search: Search, order: Sequence[SortKey]
) -> Select[tuple[int, int]]:
    statement = run_search.among_runs(select(run.c.experiment_id, run.c.run_key), experiment_ids, search.view)
    scope = search.scope(transaction, [key.field for key in order])
    return narrow(statement, search.node, order, scope).statement


def _refs(found: Sequence[tuple[int, int]]) -> Refs:
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return Refs(pairs[:, 0], pairs[:, 1])
