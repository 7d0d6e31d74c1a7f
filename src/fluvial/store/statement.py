"""Statements that are compiled once per dialect and run on the raw driver.

SQLAlchemy builds the SQL, which makes one text for both databases; compiling at each call would cost
76 us and running through its result layer another 15 us, against 8 us for the driver itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement

Parameters = dict[str, Any]


class Statement:
    """A statement whose text does not depend on its parameters."""

    def __init__(self, element: ClauseElement) -> None:
        self._element = element
        self._texts: dict[str, str] = {}
        self._defaults: Parameters = {}

    def text(self, dialect: Dialect) -> str:
        """The SQL text for a dialect, with named parameters."""
        found = self._texts.get(dialect.name)
        if found is None:
            compiled = self._element.compile(dialect=dialect)
            # Of every dialect that was asked for: a driver passes over what its text does not name.
            self._defaults |= {name: value for name, value in compiled.params.items() if value is not None}
            found = self._texts[dialect.name] = str(compiled)
        return found

    def parameters(self, given: Parameters | None) -> Parameters:
        """What was given, over the constants that the statement itself holds."""
        if not self._defaults:
            return given or {}
        return {**self._defaults, **(given or {})}


def compile_once(element: ClauseElement, dialect: Dialect) -> tuple[str, Parameters]:
    """Text and parameters of a statement that was built for one call, lists expanded."""
    compiled = element.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)
