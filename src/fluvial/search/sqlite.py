"""The SQL functions that searches need and SQLite lacks, for the store to register."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from fluvial.search import regex


class SqliteFunction(Struct, frozen=True):
    """A deterministic function: `connection.create_function(name, n_arguments, call, ...)`."""

    name: str
    n_arguments: int
    call: Callable[..., bool | None]


def sqlite_functions() -> tuple[SqliteFunction, ...]:
    """Every function to register on each new connection, as deterministic."""
    return (SqliteFunction("fluvial_matches", 2, _matches),)


def _matches(pattern: str, text: str | None) -> bool | None:
    return None if text is None else regex.is_match(pattern, text)
