"""`column IN (one list parameter)`: the SQL text stays the same however long the list is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

MAX_PARAMETERS = 500


class AnyOf(ColumnElement[bool]):
    """True where a column has one of the values of a list parameter.

    Args:
        column: An integer or text column.
        name: The parameter; its value comes from `as_list`.
    """

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """Itself: SQLAlchemy would write `… = 1` for SQLite, which keeps SQLite from using an index."""
        return self


@compiles(AnyOf, "sqlite")
def _sqlite(element: AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} IN (SELECT value FROM json_each(:{element.name}))"  # noqa: S608  both are ours


@compiles(AnyOf, "postgresql")
def _postgresql(element: AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    kind = compiler.dialect.type_compiler_instance.process(element.column.type)
    return f"{column} = ANY(%({element.name})s::{kind}[])"


def as_list(dialect: Dialect, values: Sequence[int] | Sequence[str]) -> Any:
    """A list as the dialect's parameter."""
    return json.dumps(list(values)) if dialect.name == "sqlite" else list(values)


class _Listed(ColumnElement[bool]):
    """True where an integer column has one of many values; they are one constant of the statement."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], values: Sequence[int]) -> None:
        self.column = column
        self.text = literal(json.dumps(list(values)), Text())

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """Itself, as above."""
        return self


@compiles(_Listed, "sqlite")
def _listed_sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(part, **options) for part in (element.column, element.text))
    return f"{column} IN (SELECT value FROM json_each({text}))"  # noqa: S608  both are ours


@compiles(_Listed, "postgresql")
def _listed_postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(part, **options) for part in (element.column, element.text))
    return (
        f"{column} IN (SELECT value::bigint FROM json_array_elements_text(({text})::json) AS listed(value))"  # noqa: S608
    )


def among(column: ColumnElement[int], values: Sequence[int]) -> ColumnElement[bool]:
    """True where a column has one of some values, in a statement that is built for one call.

    A database takes some ten thousand parameters; beyond a few hundred values they are one.
    """
    return column.in_(values) if len(values) <= MAX_PARAMETERS else _Listed(column, values)
