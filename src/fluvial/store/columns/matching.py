"""Which runs of a table match a filter: the filter as a mask of each block.

What the columns do not hold (datasets, artifact locations, patterns over run ids) the database answers with
the keys of the runs that match; the masks are then joined as in any filter. The texts of a column are
compared once each, whatever the number of runs: patterns by the database too, so that they mean the same.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from fluvial.entities.experiment import ViewType
from fluvial.search.sql import Scope, matching_choices, predicate, resolved, where
from fluvial.search.tree import And, Comparison, Field, Node, Not, Operator, Or, Scalar, Summary
from fluvial.store.columns.table import ColumnId, Part, Table
from fluvial.store.database import Transaction
from fluvial.store.run_fields import TABLES
from fluvial.store.tables import run, run_place

Mask = NDArray[np.bool_]
BlockMask = Callable[[int], Mask]

# So many texts are compared with a pattern in one statement.
TEXTS_AT_ONCE = 20_000

_METRIC_PARTS = {
    Summary.LAST: Part.LAST,
    Summary.MIN: Part.MIN,
    Summary.MAX: Part.MAX,
    Summary.MEAN: Part.MEAN,
    Summary.COUNT: Part.COUNT,
}
_TEXT_ATTRIBUTES = {"run_name": Part.NAME, "user_id": Part.USER}
_TEXT_COLLECTIONS = {"params": Part.PARAM, "tags": Part.TAG}
_PATTERNS = {Operator.LIKE, Operator.ILIKE, Operator.MATCHES}


def column_of(field: Field, scope: Scope) -> ColumnId | None:
    """The column that holds a field, but for the attributes that every table has."""
    if not field.collection:
        part = _TEXT_ATTRIBUTES.get(field.name)
        return None if part is None else ColumnId(part)
    if field.collection == "metrics":
        return ColumnId(_METRIC_PARTS[field.summary], scope.key_ids[field.name])
    part = _TEXT_COLLECTIONS.get(field.collection)
    return None if part is None else ColumnId(part, scope.key_ids[field.name])


def columns_of(fields: Iterable[Field], scope: Scope) -> set[ColumnId]:
    """The columns that some fields need."""
    return {column for column in (column_of(field, scope) for field in fields) if column is not None}


def matching(
    transaction: Transaction, table: Table, node: Node, view: ViewType, scope: Scope
) -> NDArray[np.intp]:
    """Places in the table of the runs that match, ascending."""
    is_match = _Compiler(transaction, table, scope).mask(node)
    found = []
    for number, block in enumerate(table.runs):
        mask = is_match(number)
        if view is not ViewType.ALL:
            mask = mask & (block.is_deleted == (view is ViewType.DELETED_ONLY))
        found.append(np.flatnonzero(mask) + table.offsets[number])
    return np.concatenate(found) if found else np.empty(0, np.intp)


class _Compiler:
    """Turns a filter into a function from the number of a block to its mask."""

    def __init__(self, transaction: Transaction, table: Table, scope: Scope) -> None:
        self._transaction = transaction
        self._table = table
        self._scope = scope

    def mask(self, node: Node) -> BlockMask:
        match node:
            case And(operands=operands):
                return self._all_of([self.mask(operand) for operand in operands])
            case Or(operands=operands):
                return self._any_of([self.mask(operand) for operand in operands])
            case Not(operand=operand):
                inner = self.mask(operand)
                return lambda block: ~inner(block)
            case Comparison():
                return self._comparison(node)

    def _all_of(self, masks: Sequence[BlockMask]) -> BlockMask:
        def all_of(block: int) -> Mask:
            found = np.ones(len(self._table.runs[block].run_keys), np.bool_)
            for mask in masks:
                found &= mask(block)
            return found

        return masks[0] if len(masks) == 1 else all_of

    def _any_of(self, masks: Sequence[BlockMask]) -> BlockMask:
        def any_of(block: int) -> Mask:
            found = np.zeros(len(self._table.runs[block].run_keys), np.bool_)
            for mask in masks:
                found |= mask(block)
            return found

        return any_of

    def _comparison(self, comparison: Comparison) -> BlockMask:
        column = column_of(comparison.field, self._scope)
        if column is not None:
            if column.part.is_text:
                return self._text(column, comparison)
            return self._metric(column, comparison)
        match comparison.field:
            case Field(collection="", name="status"):
                return self._status(comparison)
            case Field(collection="", name="experiment_name"):
                return self._experiment(comparison)
            case Field(collection="", name="start_time"):
                return lambda block: self._of_time(comparison, block, "start_ms")
            case Field(collection="", name="end_time"):
                return lambda block: self._of_time(comparison, block, "end_ms")
            case Field(collection="", name="duration"):
                return self._duration(comparison)
            case _:
                return self._in_database(comparison)

    def _metric(self, column: ColumnId, comparison: Comparison) -> BlockMask:
        is_match = _number_test(comparison, self._scope)

        def mask(block: int) -> Mask:
            numbers = self._table.numbers(column, block)
            match comparison.operator:
                case Operator.EXISTS:
                    return numbers.is_there
                case Operator.IS_NAN:
                    is_nan = np.isnan(numbers.values)
                    return numbers.is_there & (~is_nan if comparison.is_negated else is_nan)
            # Of a run without the metric the value is NaN: every comparison with it is false.
            found = is_match(numbers.values)
            return numbers.is_there & ~found if comparison.is_negated else found

        return mask

    def _duration(self, comparison: Comparison) -> BlockMask:
        is_match = _number_test(comparison, self._scope)

        def mask(block: int) -> Mask:
            has_end = self._table.runs[block].has_end
            if comparison.operator is Operator.EXISTS:
                return has_end
            found = is_match(durations(self._table, block))
            return has_end & ~found if comparison.is_negated else found

        return mask

    def _of_time(self, comparison: Comparison, block: int, name: str) -> Mask:
        base = self._table.runs[block]
        is_there = base.has_end if name == "end_ms" else np.ones(len(base.run_keys), np.bool_)
        if comparison.operator is Operator.EXISTS:
            return is_there
        found = _whole_number_mask(getattr(base, name), comparison, self._scope)
        return is_there & (~found if comparison.is_negated else found)

    def _status(self, comparison: Comparison) -> BlockMask:
        scalar = TABLES.attributes["status"]
        chosen = np.zeros(128, np.bool_)
        if comparison.operator is Operator.EXISTS:
            chosen[:] = True
        else:
            chosen[matching_choices(scalar, comparison)] = True
            chosen ^= comparison.is_negated
        return lambda block: chosen[self._table.runs[block].status]

    def _experiment(self, comparison: Comparison) -> BlockMask:
        """All runs of a table share its name."""
        name = self._scope.experiment_names.get(self._table.experiment_id)
        is_match = name is not None
        if name is not None and comparison.operator is not Operator.EXISTS:
            plain = Comparison(Field("", ""), comparison.operator, comparison.operand)
            is_match = bool(self._match(plain, [name])[0]) is not comparison.is_negated
        return lambda block: np.full(len(self._table.runs[block].run_keys), is_match)

    def _text(self, column: ColumnId, comparison: Comparison) -> BlockMask:
        if comparison.operator is Operator.EXISTS:
            return lambda block: self._table.codes(column, block) >= 0
        codes = self._codes(column, comparison)
        if isinstance(codes, int) and not comparison.is_negated:
            return lambda block: self._table.codes(column, block) == codes
        allowed = codes
        if isinstance(allowed, int):
            allowed = np.zeros(len(self._table.dictionary(column).texts) + 1, np.bool_)
            allowed[codes] = True
        if comparison.is_negated:
            allowed = ~allowed
            allowed[-1] = False
        return lambda block: allowed[self._table.codes(column, block)]

    def _codes(self, column: ColumnId, comparison: Comparison) -> int | Mask:
        """The one code that matches, or which do; the last entry is for "no text"."""
        dictionary = self._table.dictionary(column)
        if comparison.operator in _PATTERNS:
            plain = Comparison(Field("", ""), comparison.operator, comparison.operand)
            return dictionary.allowed(plain, lambda texts: self._match(plain, texts))
        if comparison.operator is Operator.EQUAL:
            code = dictionary.find(cast("str", comparison.operand))
            if code is not None:
                return code
        allowed = np.zeros(len(dictionary.texts) + 1, np.bool_)
        if comparison.operator is Operator.IN:
            listed = (dictionary.find(text) for text in cast("tuple[str, ...]", comparison.operand))
            allowed[[code for code in listed if code is not None]] = True
        return allowed

    def _match(self, comparison: Comparison, texts: list[str]) -> Mask:
        found = np.zeros(len(texts), np.bool_)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            statement = _matching_texts(comparison, texts[start : start + TEXTS_AT_ONCE], self._scope)
            places = [start + int(place) for (place,) in self._transaction.select(statement)]
            found[places] = True
        return found

    def _in_database(self, comparison: Comparison) -> BlockMask:
        rows = self._transaction.select(self._matching_runs(comparison))
        keys = np.array(sorted(run_key for (run_key,) in rows), np.int64)

        def mask(block: int) -> Mask:
            run_keys = self._table.runs[block].run_keys
            found = np.zeros(len(run_keys), np.bool_)
            low, high = np.searchsorted(keys, [run_keys[0], run_keys[-1] + 1])
            found[np.searchsorted(run_keys, keys[low:high])] = True
            return found

        return mask

    def _matching_runs(self, comparison: Comparison) -> sa.Select[Any]:
        experiment_id = self._table.experiment_id
        is_by_id = comparison.field == Field("", "run_id") and not comparison.is_negated
        if is_by_id and comparison.operator in (Operator.EQUAL, Operator.IN):
            operand = comparison.operand
            ids = operand if isinstance(operand, tuple) else (operand,)
            return sa.select(run_place.c.run_key).where(
                run_place.c.experiment_id == experiment_id, run_place.c.run_id.in_(ids)
            )
        return sa.select(run.c.run_key).where(
            run.c.experiment_id == experiment_id, where(comparison, self._scope)
        )


def durations(table: Table, block: int) -> NDArray[np.float64]:
    """How long the runs of a block took, ms; NaN for those that have not ended."""
    base = table.runs[block]
    taken = base.end_ms.astype(np.float64) - base.start_ms.astype(np.float64)
    return np.where(base.has_end, taken, np.nan)


def _matching_texts(comparison: Comparison, texts: list[str], scope: Scope) -> sa.Select[Any]:
    """Selects the places, from 0, of those texts that match."""
    if scope.dialect == "sqlite":
        listed = sa.func.json_each(sa.literal(json.dumps(texts), sa.Text())).table_valued(
            "key", sa.column("value", sa.Text())
        )
        place: sa.ColumnElement[int] = listed.c.key
    else:
        listed = (
            sa.func.unnest(sa.literal(texts, sa.ARRAY(sa.Text())))
            .table_valued(sa.column("value", sa.Text()), with_ordinality="key")
            .render_derived()
        )
        place = listed.c.key - 1
    return sa.select(place).select_from(listed).where(predicate(listed.c.value, comparison, scope))


def _number_test(comparison: Comparison, scope: Scope) -> Callable[[NDArray[np.float64]], Mask]:
    """Whether numbers match; NaN never does."""
    operand = comparison.operand
    match comparison.operator:
        case Operator.IN:
            listed = np.array(
                [resolved(one, scope) for one in cast("tuple[Scalar, ...]", operand)], np.float64
            )
            return lambda values: np.isin(values, listed)
        case Operator.BETWEEN:
            low, high = (resolved(one, scope) for one in cast("tuple[Scalar, Scalar]", operand))
            return lambda values: (values >= float(low)) & (values <= float(high))
        case Operator.EXISTS | Operator.IS_NAN:
            return np.isnan
        case other:
            bound = float(resolved(cast("Scalar", operand), scope))
            return lambda values: cast("Mask", _COMPARE[other](values, bound))


_COMPARE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: np.equal,
    Operator.LESS: np.less,
    Operator.AT_MOST: np.less_equal,
    Operator.GREATER: np.greater,
    Operator.AT_LEAST: np.greater_equal,
}


def _whole_number_mask(values: NDArray[np.int64], comparison: Comparison, scope: Scope) -> Mask:
    """Whether whole numbers match. Compared as such: float64 cannot tell times of 2**53 ms apart."""
    operand = comparison.operand
    match comparison.operator:
        case Operator.IN:
            found = np.zeros(len(values), np.bool_)
            for one in cast("tuple[Scalar, ...]", operand):
                found |= _compare_whole(values, Operator.EQUAL, resolved(one, scope))
            return found
        case Operator.BETWEEN:
            low, high = (resolved(one, scope) for one in cast("tuple[Scalar, Scalar]", operand))
            return _compare_whole(values, Operator.AT_LEAST, low) & _compare_whole(
                values, Operator.AT_MOST, high
            )
        case other:
            return _compare_whole(values, other, resolved(cast("Scalar", operand), scope))


def _compare_whole(values: NDArray[np.int64], operator: Operator, bound: Any) -> Mask:
    least, greatest = -(2**63), 2**63 - 1
    if not least <= bound <= greatest:
        is_above = bound > 0
        holds = {Operator.LESS: is_above, Operator.AT_MOST: is_above}.get(operator, not is_above)
        return np.full(len(values), holds and operator is not Operator.EQUAL)
    if bound != int(bound):
        # x < 1.5 where x < 2, x > 1.5 where x > 1.
        if operator is Operator.EQUAL:
            return np.zeros(len(values), np.bool_)
        up = operator in (Operator.LESS, Operator.AT_LEAST)
        bound = math.ceil(bound) if up else math.floor(bound)
    return cast("Mask", _COMPARE[operator](values, np.int64(int(bound))))
