"""`column IN (one list parameter)`: the SQL text stays the same however long the list is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


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
