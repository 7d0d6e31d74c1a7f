"""Read-only SQL over the views, see docs/sql.md."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fluvial.wire.endpoint import Message

SQL_PATH = "/api/1.0/fluvial/sql"
ARROW_STREAM = "application/vnd.apache.arrow.stream"
# In the metadata of an Arrow stream, where the result has more rows.
TRUNCATED = b"fluvial.is_truncated"


class RunSql(Message, frozen=True, kw_only=True):
    """Run one SELECT over the views.

    Attributes:
        query: In DuckDB's dialect.
        experiment_ids: What the views hold; all experiments that are not in the trash where there are none.
        max_rows: Of the answer, at most; the server's own limit may be lower.
        format: Of the answer: `json` is a `SqlResult`, `arrow` an Arrow IPC stream.
    """

    query: str
    experiment_ids: tuple[str, ...] = ()
    max_rows: int = 10_000
    format: Literal["json", "arrow"] = "json"


class SqlResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a query.

    Attributes:
        columns: Their names.
        types: Their types, as DuckDB calls them.
        rows: Values by row; times are ISO 8601 texts; NaN and infinities "NaN", "Infinity", "-Infinity".
        is_truncated: Whether the query has more rows than these.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    is_truncated: bool
