"""From the tree to SQL: conditions and orderings over the store's tables.

The store says where a noun's fields are kept (`Tables`) and what is known only at search time
(`Scope`); the text of a filter reaches the database as bound values alone. Every condition is true
or false, never NULL, so that NOT means the same in SQL as in docs/search.md.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, cast

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.sql import ColumnElement, FromClause
from sqlalchemy.types import TypeEngine

from fluvial.search import like, regex
from fluvial.search.noun import Noun, Type
from fluvial.search.tree import (
    And,
    Comparison,
    Field,
    Moment,
    Node,
    Not,
    Operand,
    Operator,
    Or,
    Words,
)

Condition = ColumnElement[bool]

_SQL_TYPES: Mapping[type, TypeEngine[Any]] = {
    str: sa.Text(),
    int: sa.BigInteger(),
    float: sa.Double(),
}
_COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


class Scalar(Struct, frozen=True, kw_only=True):
    """Where one attribute is kept.

    Attributes:
        value: The column or expression; NULL where the thing lacks it.
        order: What to sort by, where that is another expression.
        choices: Of a choice, the stored value of each name.
    """

    value: ColumnElement[Any]
    order: ColumnElement[Any] | None = None
    choices: Mapping[str, int] = {}


class Rows(Struct, frozen=True, kw_only=True):
    """Where one collection is kept: a row per thing and key, or per thing and member row.

    Attributes:
        source: The table or subquery. It is aliased, so that it can appear more than once.
        link: Column of `source` -> column of the noun's table that it equals.
        key: Column of `source` that holds the key; None for a collection with members.
        is_interned: Whether the key is kept as a number (`Scope.key_ids`).
        values: By summary for metrics, by member for a collection with members, else by "value":
            the expression over an alias of `source`. NULL is NaN for numbers, missing for text.
    """

    source: FromClause
    link: Mapping[str, ColumnElement[Any]]
    key: str | None = None
    is_interned: bool = False
    values: Mapping[str, Callable[[FromClause], ColumnElement[Any]]]


class Tables(Struct, frozen=True, kw_only=True):
    """Where the fields of a noun are kept.

    Attributes:
        table: The noun's own table, which the statement to narrow selects from.
        attributes: By name, every attribute of the noun but those that are searched for words.
        collections: By name, every collection of the noun.
        has_words: The condition that the texts of a thing have words, in a dialect; of a noun that has an
            attribute for that.
    """

    noun: Noun
    table: FromClause
    attributes: Mapping[str, Scalar]
    collections: Mapping[str, Rows]
    has_words: Callable[[Words, str], Condition] | None = None


class Scope(Struct, frozen=True, kw_only=True):
    """What is known only when the search runs.

    Attributes:
        key_ids: Numbers of the interned keys that the search mentions (`interned_keys`); one that
            is missing was never logged by anybody.
        now_ms: Time of the search, ms since the Unix epoch.
        experiment_names: Of the experiments that are searched, where a search mentions them.
    """

    tables: Tables
    dialect: Literal["sqlite", "postgresql"]
    now_ms: int
    key_ids: Mapping[str, int] = {}
    experiment_names: Mapping[int, str] = {}


def interned_keys(mentioned: Iterable[Field], tables: Tables) -> set[str]:
    """The keys whose numbers the store has to look up before the search."""
    return {
        field.name
        for field in mentioned
        if field.collection and tables.collections[field.collection].is_interned
    }


def where(node: Node, scope: Scope) -> Condition:
    """The filter as a condition on the noun's table; true or false, never NULL."""
    match node:
        case And(operands=operands):
            return sa.and_(sa.true(), *(where(operand, scope) for operand in operands))
        case Or(operands=operands):
            return sa.or_(sa.false(), *(where(operand, scope) for operand in operands))
        case Not(operand=operand):
            return sa.not_(where(operand, scope))
        case Comparison(field=field) if field.collection:
            return _collection_condition(node, scope)
        case Comparison():
            return _attribute_condition(node, scope)


def _attribute_condition(comparison: Comparison, scope: Scope) -> Condition:
    if isinstance(comparison.operand, Words) and scope.tables.has_words is not None:
        return scope.tables.has_words(comparison.operand, scope.dialect)
    scalar = scope.tables.attributes[comparison.field.name]
    exists = scalar.value.is_not(None) if may_be_null(scalar.value) else sa.true()
    if comparison.operator is Operator.EXISTS:
        return exists
    condition = _choice(scalar, comparison) if scalar.choices else predicate(scalar.value, comparison, scope)
    return sa.and_(exists, sa.not_(condition) if comparison.is_negated else condition)


def _choice(scalar: Scalar, comparison: Comparison) -> Condition:
    """The names are few: those that match are found here."""
    matching = matching_choices(scalar, comparison)
    return scalar.value.in_(matching) if matching else sa.false()


def matching_choices(scalar: Scalar, comparison: Comparison) -> list[int]:
    """The stored values of those names that match, whatever the operator; not negated."""
    return [code for name, code in scalar.choices.items() if _is_match(name, comparison)]


def _is_match(text: str, comparison: Comparison) -> bool:
    operand = comparison.operand
    match comparison.operator:
        case Operator.IN:
            return text in cast("tuple[str, ...]", operand)
        case Operator.LIKE:
            return regex.is_match(like.as_regex(cast("str", operand)), text)
        case Operator.ILIKE:
            return regex.is_match(f"(?i){like.as_regex(cast('str', operand))}", text)
        case Operator.MATCHES:
            return regex.is_match(regex.translate(cast("str", operand)).re2, text)
        case _:
            return text == operand


def _collection_condition(comparison: Comparison, scope: Scope) -> Condition:
    reached = reach(comparison.field, scope)
    if reached is None:
        return sa.false()
    rows, is_linked, value = reached
    condition = _row_condition(value, comparison, scope)
    return sa.exists(sa.select(sa.literal_column("1")).select_from(rows).where(is_linked, condition))


def _row_condition(value: ColumnElement[Any], comparison: Comparison, scope: Scope) -> Condition:
    """The comparison with the value of a row: NULL is NaN for a number, missing for text."""
    is_number = scope.tables.noun.collection(comparison.field.collection).type is Type.NUMBER
    if comparison.operator is Operator.EXISTS:
        return sa.true() if is_number else value.is_not(None)
    if comparison.operator is Operator.IS_NAN:
        return value.is_not(None) if comparison.is_negated else value.is_(None)
    condition = predicate(value, comparison, scope)
    if not comparison.is_negated:
        return condition
    return sa.or_(value.is_(None), sa.not_(condition)) if is_number else sa.not_(condition)


def reach(field: Field, scope: Scope) -> tuple[FromClause, Condition, ColumnElement[Any]] | None:
    """The rows that hold the field, the condition that they do, and its value there.

    None where nobody has ever logged the key.
    """
    kept = scope.tables.collections[field.collection]
    rows = kept.source.alias()
    links = [rows.c[name] == outer for name, outer in kept.link.items()]
    if kept.key is None:
        return rows, sa.and_(*links), kept.values[field.name](rows)
    key: str | int | None = scope.key_ids.get(field.name) if kept.is_interned else field.name
    if key is None:
        return None
    has_summaries = bool(scope.tables.noun.collection(field.collection).summaries)
    value = kept.values[field.summary.value if has_summaries else "value"](rows)
    return rows, sa.and_(*links, rows.c[kept.key] == key), value


def predicate(value: ColumnElement[Any], comparison: Comparison, scope: Scope) -> Condition:
    """The comparison itself, NULL where the value is."""
    operand = comparison.operand
    match comparison.operator:
        case Operator.LIKE:
            return _like(value, cast("str", operand), scope)
        case Operator.ILIKE:
            return _ilike(value, cast("str", operand), scope)
        case Operator.MATCHES:
            return _matches(value, cast("str", operand), scope)
        case Operator.IN:
            return value.in_(_constants(cast("tuple[Operand, ...]", operand), scope))
        case Operator.BETWEEN:
            low, high = cast("tuple[Operand, Operand]", operand)
            return sa.and_(value >= _constant(low, scope), value <= _constant(high, scope))
        case other:
            return cast("Condition", _COMPARE[other](value, _constant(operand, scope)))


def resolved(operand: Operand, scope: Scope) -> str | int | float:
    """A constant, with a time relative to now as ms since the epoch."""
    if isinstance(operand, Moment):
        return operand.resolve(scope.now_ms)
    return cast("str | int | float", operand)


def _constant(operand: Operand, scope: Scope) -> ColumnElement[Any]:
    """A bound value of its own type: one of the column's would round 1.5 to a whole number."""
    constant = resolved(operand, scope)
    return sa.literal(constant, _SQL_TYPES[type(constant)])


def _constants(operands: tuple[Operand, ...], scope: Scope) -> ColumnElement[Any]:
    """One parameter for the whole list, so that its length does not change the statement."""
    constants = [resolved(operand, scope) for operand in operands]
    kinds = {type(constant) for constant in constants}
    kind = kinds.pop() if len(kinds) == 1 else float
    return sa.bindparam(
        None, [kind(c) for c in constants], type_=_SQL_TYPES[kind], expanding=True, unique=True
    )


def _like(value: ColumnElement[Any], pattern: str, scope: Scope) -> Condition:
    if scope.dialect == "sqlite":
        return value.bool_op("GLOB")(sa.literal(like.as_glob(pattern), sa.Text()))
    return value.like(sa.literal(pattern, sa.Text()), escape="\\")


def _ilike(value: ColumnElement[Any], pattern: str, scope: Scope) -> Condition:
    if scope.dialect == "postgresql":
        return value.ilike(sa.literal(pattern, sa.Text()), escape="\\")
    if pattern.isascii():
        return value.like(sa.literal(pattern, sa.Text()), escape="\\")
    # SQLite knows the case of ASCII letters alone.
    return _matches_re2(value, f"(?i){like.as_regex(pattern)}")


def _matches(value: ColumnElement[Any], pattern: str, scope: Scope) -> Condition:
    translation = regex.translate(pattern)
    if scope.dialect == "postgresql":
        return value.bool_op("~")(sa.literal(translation.postgresql, sa.Text()))
    return _matches_re2(value, translation.re2)


def _matches_re2(value: ColumnElement[Any], pattern: str) -> Condition:
    function = sa.func.fluvial_matches(sa.literal(pattern, sa.Text()), value, type_=sa.Boolean())
    return function == sa.true()


def sortable(value: ColumnElement[Any], value_type: Type, scope: Scope) -> ColumnElement[Any]:
    """By code point on both databases; a locale's order would differ between servers."""
    if value_type.is_text and scope.dialect == "postgresql":
        return sa.collate(value, "C")
    return value


def may_be_null(value: ColumnElement[Any]) -> bool:
    """Whether things may lack it."""
    return not isinstance(value, sa.Column) or bool(value.nullable)
