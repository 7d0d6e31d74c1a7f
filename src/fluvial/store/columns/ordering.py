"""The first runs in an order, and those after a place in it, without sorting the others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.errors import InvalidRequest
from fluvial.search.sql import Scope
from fluvial.search.sql_order import Place, Position, Rank, complete_order, ranks_of_choices
from fluvial.search.tree import Field, SortKey
from fluvial.store.columns.matching import column_of, durations
from fluvial.store.columns.table import ColumnId, Table
from fluvial.store.run_fields import TABLES

Slots = NDArray[np.intp]
_RUN_ID = re.compile(r"[0-9a-f]{32}")


class Sortable(NamedTuple):
    """A sort key of some runs: their ranks, None where all have a value, and numbers that ascend."""

    ranks: NDArray[np.int8] | None
    numbers: NDArray[Any]

    def where(self, chosen: NDArray[np.bool_]) -> Sortable:
        """That of the runs that a mask picks."""
        return Sortable(None if self.ranks is None else self.ranks[chosen], self.numbers[chosen])


class Key(NamedTuple):
    """A sort key over a table.

    Attributes:
        of: What to compare, of runs at ascending places in the table.
        bound: What to compare a position of the same key with.
        positions: Where runs at ascending places in the table are; None of the second half of a run's id,
            which is at the position of the first.
    """

    of: Callable[[Slots], Sortable]
    bound: Callable[[Position], Any]
    positions: Callable[[Slots], list[Position]] | None


def can_order(order: Sequence[SortKey]) -> bool:
    """Whether columns hold what an order sorts by."""
    return all(sort_key.field != Field("", "artifact_uri") for sort_key in order)


def keys_of(table: Table, order: Sequence[SortKey], scope: Scope) -> list[Key]:
    """The sort keys of an order, with those that break ties."""
    made: list[Key] = []
    for sort_key in complete_order(order, TABLES.noun):
        sign = 1 if sort_key.is_ascending else -1
        column = column_of(sort_key.field, scope)
        if column is not None:
            made.append(
                _by_text(table, column, sign) if column.part.is_text else _by_metric(table, column, sign)
            )
        elif sort_key.field.name == "run_id":
            made += _by_run_id(table, sign)
        elif sort_key.field.name == "experiment_name":
            made.append(_by_experiment(scope.experiment_names.get(table.experiment_id), sign))
        else:
            made.append(_by_attribute(table, sort_key.field.name, sign))
    return made


def first(slots: Slots, keys: Sequence[Key], n: int, after: Place | None = None) -> Slots:
    """The first `n` of some runs in the order of the keys, in that order.

    Args:
        slots: Places of the runs in the table, ascending.
        keys: The sort keys; the last one breaks all ties.
        n: How many.
        after: Only runs after this place in the order.
    """
    if not len(slots) or (after is None and len(slots) <= n):
        return _sorted(slots, keys)
    sortable = keys[0].of(slots)
    if after is not None:
        is_after = _is_after(slots, sortable, keys, _positions_of(keys, after))
        slots, sortable = slots[is_after], sortable.where(is_after)
    return _first(slots, sortable, keys, n)


def _first(slots: Slots, sortable: Sortable, keys: Sequence[Key], n: int) -> Slots:
    if len(slots) <= n:
        return _sorted(slots, keys)
    found: list[Slots] = []
    for rank in Rank:
        if n <= 0:
            break
        if sortable.ranks is None and rank != Rank.VALUE:
            break
        is_chosen = None if sortable.ranks is None else sortable.ranks == rank
        among = slots if is_chosen is None else slots[is_chosen]
        if rank != Rank.VALUE:
            chosen = first(among, keys[1:], n)
        else:
            numbers = sortable.numbers if is_chosen is None else sortable.numbers[is_chosen]
            chosen = _first_by(among, numbers, keys, n)
        found.append(chosen)
        n -= len(chosen)
    return np.concatenate(found)


def _positions_of(keys: Sequence[Key], place: Place) -> list[Position]:
    """The position in each key; a run's id is one position for its two halves."""
    positions = iter(place)
    found: list[Position] = []
    for key in keys:
        found.append(next(positions) if key.positions else found[-1])
    return found


def _is_after(
    slots: Slots, sortable: Sortable, keys: Sequence[Key], positions: Sequence[Position]
) -> NDArray[np.bool_]:
    """Which runs are after a place; those that share its first position go by the other keys."""
    position, bound = positions[0], keys[0].bound(positions[0])
    ranks = Rank.VALUE if sortable.ranks is None else sortable.ranks
    is_after, is_equal = (
        np.full(len(slots), ranks > position.rank),
        np.full(len(slots), ranks == position.rank),
    )
    if position.rank == Rank.VALUE:
        is_after |= is_equal & (sortable.numbers > bound)
        is_equal &= sortable.numbers == bound
    equal = np.flatnonzero(is_equal)
    if len(equal) and len(keys) > 1:
        others = slots[equal]
        is_after[equal] = _is_after(others, keys[1].of(others), keys[1:], positions[1:])
    return is_after


def places(slots: Slots, keys: Sequence[Key]) -> list[Place]:
    """The places of some runs, given in any order."""
    ascending = np.argsort(slots)
    if not len(slots):
        return []
    by_key = [key.positions(slots[ascending]) for key in keys if key.positions]
    found: list[Place] = [()] * len(slots)
    for at, place in zip(ascending.tolist(), zip(*by_key, strict=True), strict=True):
        found[at] = place
    return found


def _first_by(slots: Slots, numbers: NDArray[Any], keys: Sequence[Key], n: int) -> Slots:
    if len(slots) <= n:
        return _sorted(slots, keys)
    last = np.partition(numbers, n - 1)[n - 1]
    before = slots[numbers < last]
    # However many runs share the last value: only those that are needed are told apart.
    return np.concatenate((_sorted(before, keys), first(slots[numbers == last], keys[1:], n - len(before))))


def _sorted(slots: Slots, keys: Sequence[Key]) -> Slots:
    if len(slots) < 2 or not keys:
        return slots
    columns: list[NDArray[Any]] = []
    for key in keys:
        sortable = key.of(slots)
        if sortable.ranks is not None:
            columns.append(sortable.ranks)
        columns.append(sortable.numbers)
    return slots[np.lexsort(columns[::-1])]


def _by_metric(table: Table, column: ColumnId, sign: int) -> Key:
    def values(slots: Slots) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
        numbers = table.gather(lambda block: table.numbers(column, block).values, slots)
        is_there = table.gather(lambda block: table.numbers(column, block).is_there, slots)
        is_nan = np.isnan(numbers).view(np.int8)  # Rank.NAN is 1, Rank.VALUE 0
        return np.where(is_there, is_nan, np.int8(Rank.MISSING)), numbers

    def of(slots: Slots) -> Sortable:
        ranks, numbers = values(slots)
        if not ranks.any():
            return Sortable(None, sign * numbers)
        return Sortable(ranks, np.where(ranks == Rank.VALUE, sign * numbers, 0.0))

    def positions(slots: Slots) -> list[Position]:
        ranks, numbers = values(slots)
        return _positions(ranks.tolist(), numbers.tolist())

    return Key(of, lambda position: sign * float(position.value or 0), positions)


def _by_text(table: Table, column: ColumnId, sign: int) -> Key:
    dictionary = table.dictionary(column)
    order = dictionary.in_order()
    # Twice the rank, so that a text that is not among them has a number between two of theirs.
    numbers_of_codes = np.zeros(len(order) + 1, np.int64)
    numbers_of_codes[np.array(order, np.intp)] = 2 * np.arange(len(order)) + 1

    def codes(slots: Slots) -> NDArray[np.int32]:
        return table.gather(lambda block: table.codes(column, block), slots)

    def of(slots: Slots) -> Sortable:
        found = codes(slots)
        return Sortable(
            np.where(found < 0, Rank.MISSING, Rank.VALUE).astype(np.int8), sign * numbers_of_codes[found]
        )

    def bound(position: Position) -> int:
        if position.value is None:
            return 0
        text = str(position.value)
        at = bisect_left(order, text, key=dictionary.texts.__getitem__)
        is_known = at < len(order) and dictionary.texts[order[at]] == text
        return sign * (2 * at + is_known)

    def positions(slots: Slots) -> list[Position]:
        return [
            Position(Rank.MISSING, None) if code < 0 else Position(Rank.VALUE, dictionary.texts[code])
            for code in codes(slots).tolist()
        ]

    return Key(of, bound, positions)


def _by_attribute(table: Table, name: str, sign: int) -> Key:
    scalar = TABLES.attributes["status"]
    ranks_of_names = ranks_of_choices(scalar.choices)
    ranks_of_codes = np.zeros(128, np.int64)
    for choice, code in scalar.choices.items():
        ranks_of_codes[code] = ranks_of_names[choice]

    def numbers_of(block: int) -> NDArray[Any]:
        base = table.runs[block]
        match name:
            case "start_time":
                return base.start_ms
            case "end_time":
                return base.end_ms
            case "duration":
                return durations(table, block)
            case _:
                return ranks_of_codes[base.status]

    def ranks_of(slots: Slots) -> NDArray[np.int8] | None:
        if name not in ("end_time", "duration"):
            return None
        has_end = table.gather(lambda block: table.runs[block].has_end, slots)
        return np.where(has_end, Rank.VALUE, Rank.MISSING).astype(np.int8)

    def of(slots: Slots) -> Sortable:
        numbers = table.gather(numbers_of, slots)
        ranks = ranks_of(slots)
        if numbers.dtype == np.float64:
            numbers = np.where(np.isnan(numbers), 0.0, sign * numbers)
        return Sortable(ranks, numbers if sign > 0 or numbers.dtype == np.float64 else ~numbers)

    def bound(position: Position) -> Any:
        value = position.value
        if value is None or sign > 0:
            return value or 0
        return ~value if isinstance(value, int) else -value  # type: ignore[operator]

    def positions(slots: Slots) -> list[Position]:
        ranks = ranks_of(slots)
        numbers = table.gather(numbers_of, slots).tolist()
        return _positions([Rank.VALUE] * len(slots) if ranks is None else ranks.tolist(), numbers)

    return Key(of, bound, positions)


def _by_experiment(name: str | None, sign: int) -> Key:
    """By what all runs of a table share."""
    position = Position(Rank.MISSING, None) if name is None else Position(Rank.VALUE, name)

    def of(slots: Slots) -> Sortable:
        ranks = None if name is not None else np.full(len(slots), Rank.MISSING, np.int8)
        return Sortable(ranks, np.zeros(len(slots), np.int8))

    def bound(at: Position) -> int:
        text = str(at.value)
        return 0 if name is None or text == name else sign * (1 if text > name else -1)

    return Key(of, bound, lambda slots: [position] * len(slots))


def _by_run_id(table: Table, sign: int) -> list[Key]:
    """By its two halves, which are numbers."""

    def half(name: str) -> Callable[[Slots], NDArray[np.uint64]]:
        return lambda slots: table.gather(lambda block: getattr(table.runs[block], name), slots)

    def key(name: str, digits: slice) -> Key:
        def bound(position: Position) -> np.uint64:
            text = str(position.value)
            if not _RUN_ID.fullmatch(text):
                raise InvalidRequest("The page token is not one that this server gave.")
            number = np.uint64(int(text[digits], 16))
            return number if sign > 0 else ~number

        def of(slots: Slots) -> Sortable:
            numbers = half(name)(slots)
            return Sortable(None, numbers if sign > 0 else ~numbers)

        return Key(of, bound, positions)

    def positions(slots: Slots) -> list[Position]:
        halves = zip(half("id_high")(slots).tolist(), half("id_low")(slots).tolist(), strict=True)
        return [Position(Rank.VALUE, f"{high:016x}{low:016x}") for high, low in halves]

    return [
        key("id_high", slice(16)),
        key("id_low", slice(16, 32))._replace(positions=None),
    ]


def _positions(ranks: list[int], values: list[Any]) -> list[Position]:
    return [
        Position(Rank(rank), value if rank == Rank.VALUE else None)
        for rank, value in zip(ranks, values, strict=True)
    ]
