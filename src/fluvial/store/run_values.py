"""Fields of many runs at once, from their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.search.sql import Scope
from fluvial.search.sql_order import Place
from fluvial.search.tree import Field, SortKey
from fluvial.store.columns import grouping, matching, ordering
from fluvial.store.columns.grouping import Labels, Values
from fluvial.store.columns.table import Table
from fluvial.store.database import Transaction
from fluvial.store.run_search import Search, in_order, table_of


class Wanted(NamedTuple):
    """A field, and whether it holds text."""

    field: Field
    is_text: bool


class RunValues(NamedTuple):
    """Runs in the order asked for.

    Attributes:
        run_ids: All of them in one text, 32 characters each.
        columns: Of each field.
        n_runs: How many these are.
        n_matching: How many match in all.
    """

    run_ids: str
    columns: list[Labels | Values]
    n_runs: int
    n_matching: int


class _Part(NamedTuple):
    """The first matching runs of an experiment."""

    id_halves: NDArray[np.uint64]
    columns: list[Labels | Values]
    places: list[Place]


def read(
    transaction: Transaction, search: Search, order: Sequence[SortKey], wanted: Sequence[Wanted], limit: int
) -> RunValues:
    """Some fields of the first runs that match."""
    mentioned = [*(each.field for each in wanted), *(key.field for key in order)]
    scope = search.scope(transaction, mentioned)
    n_matching = 0
    parts: list[_Part] = []
    for experiment_id in search.experiment_ids:
        table = table_of(transaction, experiment_id, search, mentioned, scope)
        slots = matching.matching(transaction, table, search.node, search.view, scope)
        n_matching += len(slots)
        if not len(slots):
            continue
        sort_keys = ordering.keys_of(table, order, scope)
        chosen = ordering.first(slots, sort_keys, limit)
        # Only the runs of several experiments are put in order once more.
        is_merged = len(search.experiment_ids) > 1
        places = ordering.places(chosen, sort_keys) if is_merged else []
        parts.append(_Part(*_gathered(table, chosen, wanted, scope), places))
    if not parts:
        nothing: list[Labels | Values] = [
            Labels(np.empty(0, np.int64), [])
            if each.is_text
            else Values(np.empty(0, np.float64), np.empty(0, np.bool_))
            for each in wanted
        ]
        return RunValues("", nothing, 0, n_matching)
    halves_of_all, columns_of_all = parts[0].id_halves, parts[0].columns
    if len(parts) > 1:
        kept = np.array(in_order([place for part in parts for place in part.places], order)[:limit], np.intp)
        halves_of_all = np.concatenate([part.id_halves for part in parts])[kept]
        columns_of_all = [
            _taken(_joined([part.columns[number] for part in parts]), kept) for number in range(len(wanted))
        ]
    run_ids = halves_of_all.astype(">u8").tobytes().hex()
    return RunValues(run_ids, columns_of_all, len(halves_of_all), n_matching)


def _gathered(
    table: Table, chosen: NDArray[np.intp], wanted: Sequence[Wanted], scope: Scope
) -> tuple[NDArray[np.uint64], list[Labels | Values]]:
    """The ids, in two halves, and the fields of runs at places in any order."""
    ascending = np.sort(chosen)
    back = np.searchsorted(ascending, chosen)
    high = table.gather(lambda block: table.runs[block].id_high, ascending)
    low = table.gather(lambda block: table.runs[block].id_low, ascending)
    columns: list[Labels | Values] = [
        grouping.labels(table, ascending, each.field, scope)
        if each.is_text
        else grouping.values(table, ascending, each.field, scope)
        for each in wanted
    ]
    return np.stack((high, low), 1)[back], [_taken(column, back) for column in columns]


def _taken(column: Labels | Values, places: NDArray[np.intp]) -> Labels | Values:
    if isinstance(column, Labels):
        return Labels(column.codes[places], column.texts)
    return Values(column.values[places], column.is_there[places])


def _joined(columns: Sequence[Labels | Values]) -> Labels | Values:
    """One column of several experiments."""
    labels = [column for column in columns if isinstance(column, Labels)]
    if not labels:
        values = [column for column in columns if isinstance(column, Values)]
        return Values(
            np.concatenate([column.values for column in values]),
            np.concatenate([column.is_there for column in values]),
        )
    codes: list[NDArray[np.int64]] = []
    texts: list[str] = []
    for column in labels:
        codes.append(np.where(column.codes < 0, -1, column.codes + len(texts)))
        texts.extend(column.texts)
    return Labels(np.concatenate(codes), texts)
