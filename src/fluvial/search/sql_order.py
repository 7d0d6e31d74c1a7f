"""Orderings in SQL: what to sort by, and what comes after a place in the order.

A page ends at a place: for each sort key the rank and the value of the last thing on it. The next page begins
after that place, wherever it is by then, so that no page costs more than the first, and what comes or goes
meanwhile neither repeats nor hides anything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.sql import ColumnElement, FromClause, Select

from fluvial.search.noun import Noun, Type
from fluvial.search.sql import Condition, Scope, Tables, may_be_null, reach, sortable, where
from fluvial.search.tree import Field, Node, SortKey


class Rank(IntEnum):
    """What comes first whatever the direction: values, then NaN, then what is missing."""

    VALUE = 0
    NAN = 1
    MISSING = 2


class Position(NamedTuple):
    """Where a thing is by one sort key; the value is None where the rank says enough."""

    rank: Rank
    value: str | int | float | None


Place = tuple[Position, ...]


class _Expression(Struct, frozen=True, kw_only=True):
    """A sort key in SQL.

    Attributes:
        value: What to sort by, NULL for NaN and for what is missing.
        is_missing: Tells the two apart, where both are possible.
        may_be_null: Whether the value may be NULL.
        is_column: Whether an index may hold it.
        is_float: Whether its values are float64, also those that the database counts.
    """

    value: ColumnElement[Any]
    is_ascending: bool
    is_missing: Condition | None = None
    may_be_null: bool
    is_column: bool = False
    is_float: bool = False

    def clauses(self) -> list[ColumnElement[Any]]:
        """What stands in ORDER BY."""
        if isinstance(self.value, sa.Null):
            return []
        directed = self.value.asc() if self.is_ascending else self.value.desc()
        # PostgreSQL uses no index for NULLS LAST unless it was made with that.
        ordered: list[ColumnElement[Any]] = [directed.nulls_last() if self.may_be_null else directed]
        # NaN is NULL in a row that is there: before the things that have no row.
        return ordered if self.is_missing is None else [*ordered, self.is_missing]

    def selected(self) -> list[ColumnElement[Any]]:
        """What has to be selected for `position`."""
        return [self.value, sa.false() if self.is_missing is None else self.is_missing]

    def position(self, value: Any, is_missing: Any) -> Position:
        """The position of a row, from what was selected."""
        if value is not None:
            return Position(Rank.VALUE, float(value) if self.is_float else value)
        if self.is_missing is None or is_missing:
            return Position(Rank.MISSING, None)
        return Position(Rank.NAN, None)

    def is_after(self, at: Position) -> Condition:
        """Whether a row comes after a position."""
        if at.rank == Rank.NAN:
            return sa.false() if self.is_missing is None else self.is_missing
        if at.rank == Rank.MISSING:
            return sa.false()
        beyond = self.value > _bound(at) if self.is_ascending else self.value < _bound(at)
        return sa.or_(beyond, self.value.is_(None)) if self.may_be_null else beyond

    def is_at(self, at: Position) -> Condition:
        """Whether a row is at a position."""
        if at.rank == Rank.VALUE:
            return self.value == _bound(at)
        if self.is_missing is None:
            return self.value.is_(None)
        if at.rank == Rank.MISSING:
            return self.is_missing
        return sa.and_(self.value.is_(None), sa.not_(self.is_missing))

    def reaches(self, at: Position) -> Condition:
        """A condition that every row at or after a position meets, which an index can answer."""
        if at.rank != Rank.VALUE or not self.is_column or self.may_be_null:
            return sa.true()  # what is missing comes after every value, and meets no comparison
        return self.value >= _bound(at) if self.is_ascending else self.value <= _bound(at)


class Ordered(NamedTuple):
    """A statement in an order.

    Attributes:
        statement: Selects what it did, and after that what `place` needs.
        expressions: The sort keys.
    """

    statement: Select[Any]
    expressions: tuple[_Expression, ...]

    def place(self, extra: Sequence[Any]) -> Place:
        """The place of a row, from its columns after those that were selected before."""
        pairs = zip(extra[::2], extra[1::2], strict=True)
        return tuple(
            expression.position(value, is_missing)
            for expression, (value, is_missing) in zip(self.expressions, pairs, strict=True)
        )


def complete_order(order: Iterable[SortKey], noun: Noun) -> tuple[SortKey, ...]:
    """An ordering with the noun's own at its end, which breaks all ties; each field once."""
    found: dict[Field, SortKey] = {}
    for sort_key in [*order, *noun.default_order]:
        found.setdefault(sort_key.field, sort_key)
    return tuple(found.values())


def narrow(
    statement: Select[Any], node: Node, order: Iterable[SortKey], scope: Scope, after: Place | None = None
) -> Ordered:
    """The statement with only what matches, in that order, ties broken by the noun's own.

    Args:
        statement: Selects from the noun's table.
        node: The filter.
        order: The sort keys.
        scope: What is known only now.
        after: Only what comes after this place, one position for each key of `complete_order`.
    """
    statement = statement.where(where(node, scope))
    expressions: list[_Expression] = []
    for sort_key in complete_order(order, scope.tables.noun):
        if sort_key.field.collection:
            expression, statement = _by_collection(statement, sort_key, scope)
        else:
            expression = _by_attribute(sort_key, scope)
        expressions.append(expression)
        statement = statement.order_by(*expression.clauses()).add_columns(*expression.selected())
    if after is not None:
        statement = statement.where(_comes_after(expressions, after))
    return Ordered(statement, tuple(expressions))


def fits(place: Place, order: Iterable[SortKey], tables: Tables) -> bool:
    """Whether a place can be one in an ordering: what a client sent may be anything."""
    keys = complete_order(order, tables.noun)
    return len(place) == len(keys) and all(
        _fits(position, _kind(sort_key.field, tables)) for position, sort_key in zip(place, keys, strict=True)
    )


def _fits(position: Position, kind: type) -> bool:
    value = position.value
    if position.rank != Rank.VALUE:
        return value is None
    if type(value) is not kind:
        return False
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is not None and not math.isnan(value)


def _kind(field: Field, tables: Tables) -> type:
    if field.collection:
        return _KINDS[tables.noun.collection(field.collection).type]
    if tables.attributes[field.name].order is not None:
        return int
    return _KINDS[tables.noun.attribute(field.name).type]


_KINDS = {Type.TEXT: str, Type.CHOICE: int, Type.NUMBER: float, Type.TIME: int, Type.DURATION: float}


def ranks_of_choices(names: Iterable[str]) -> dict[str, int]:
    """The names of a choice in their order."""
    return {name: rank for rank, name in enumerate(sorted(names))}


def _comes_after(expressions: Sequence[_Expression], after: Place) -> Condition:
    """After it by the first key that differs."""
    pairs = list(zip(expressions, after, strict=True))
    alternatives = [
        sa.and_(*(before.is_at(at) for before, at in pairs[:number]), expression.is_after(position))
        for number, (expression, position) in enumerate(pairs)
    ]
    first, at = pairs[0]
    return sa.and_(first.reaches(at), sa.or_(*alternatives))


def _by_attribute(sort_key: SortKey, scope: Scope) -> _Expression:
    scalar = scope.tables.attributes[sort_key.field.name]
    attribute = scope.tables.noun.attribute(sort_key.field.name)
    if scalar.order is not None:
        value = scalar.order
    elif scalar.choices:
        ranks = ranks_of_choices(scalar.choices)
        value = sa.case({scalar.choices[name]: rank for name, rank in ranks.items()}, value=scalar.value)
    else:
        value = sortable(scalar.value, attribute.type, scope)
    return _Expression(
        value=value,
        is_ascending=sort_key.is_ascending,
        may_be_null=may_be_null(scalar.value),
        is_column=value is scalar.value and isinstance(value, sa.Column),
    )


def _by_collection(
    statement: Select[Any], sort_key: SortKey, scope: Scope
) -> tuple[_Expression, Select[Any]]:
    reached = reach(sort_key.field, scope)
    if reached is None:
        # Nobody has logged the key: everything lacks it.
        nothing: ColumnElement[Any] = sa.null()
        return _Expression(value=nothing, is_ascending=sort_key.is_ascending, may_be_null=True), statement
    rows, is_linked, value = reached
    collection = scope.tables.noun.collection(sort_key.field.collection)
    statement = statement.outerjoin_from(scope.tables.table, rows, is_linked)
    return (
        _Expression(
            value=sortable(value, collection.type, scope),
            is_ascending=sort_key.is_ascending,
            is_missing=_has_no_row(rows, sort_key, scope) if collection.type is Type.NUMBER else None,
            may_be_null=True,
            is_float=collection.type is Type.NUMBER,
        ),
        statement,
    )


def _has_no_row(rows: FromClause, sort_key: SortKey, scope: Scope) -> Condition:
    linked_column = next(iter(scope.tables.collections[sort_key.field.collection].link))
    return rows.c[linked_column].is_(None)


def _bound(at: Position) -> ColumnElement[Any]:
    if isinstance(at.value, str):
        return sa.literal(at.value, sa.Text())
    return sa.literal(at.value, sa.BigInteger() if isinstance(at.value, int) else sa.Double())
