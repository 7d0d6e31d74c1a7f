"""What analysts read: runs and all that was logged to them, as flat tables of fixed columns.

The same views are the files of `fluvial export` and the tables of `fluvial sql`; docs/sql.md describes them.
What is in the trash is in none. Over HTTP a view is read page by page, as MessagePack.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import msgspec

from fluvial.wire.endpoint import Message

Kind = Literal["integer", "number", "text", "repeated text", "time"]

# Columns with their kind, in order; "repeated text" has few distinct values.
VIEWS: dict[str, dict[str, Kind]] = {
    "experiments": {
        "experiment_id": "integer",
        "name": "text",
        "creation_time": "time",
        "last_update_time": "time",
        "artifact_location": "text",
    },
    "runs": {
        "run_id": "text",
        "experiment_id": "integer",
        "run_name": "text",
        "status": "repeated text",
        "start_time": "time",
        "end_time": "time",
        "duration_s": "number",
        "user_id": "repeated text",
        "artifact_uri": "text",
    },
    "params": {
        "run_id": "repeated text",
        "experiment_id": "integer",
        "key": "repeated text",
        "value": "text",
    },
    "tags": {
        "run_id": "repeated text",
        "experiment_id": "integer",
        "key": "repeated text",
        "value": "text",
    },
    "metrics": {
        "run_id": "repeated text",
        "experiment_id": "integer",
        "key": "repeated text",
        "value": "number",
        "step": "integer",
        "timestamp": "time",
        "min": "number",
        "max": "number",
        "mean": "number",
        "n_points": "integer",
        "n_nan": "integer",
    },
    "points": {
        "run_id": "repeated text",
        "experiment_id": "integer",
        "key": "repeated text",
        "step": "integer",
        "timestamp": "time",
        "value": "number",
    },
}
VIEWS_PATH = "/api/1.0/fluvial/views/read"
MAX_VIEW_RUNS = 500
MSGPACK = "application/vnd.msgpack"


class Place(Message, frozen=True, kw_only=True):
    """Where the points go on: a run of those asked for, and the metric of it that was read last."""

    run: int = 0
    key: str | None = None


class ReadView(Message, frozen=True, kw_only=True):
    """Read a page of a view.

    Attributes:
        view: Which; not `experiments`, which has an endpoint of its own.
        run_ids: Of which runs, at most 500; those in the trash are passed over.
        after: Where the page before ended; only points have several pages.
    """

    view: str
    run_ids: tuple[str, ...]
    after: Place | None = None


class Repeated(NamedTuple):
    """A column with few distinct values.

    Attributes:
        values: The values.
        codes: The position of each row's value among them, little-endian int32.
    """

    values: list[str]
    codes: bytes


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a view, column by column.

    Attributes:
        n_rows: How many.
        columns: By name. Numbers without gaps as little-endian int64 or float64, others as lists.
        after: Where the next page begins; absent on the last.
    """

    n_rows: int
    columns: dict[str, Any]
    after: Place | None = None


_PAGE = msgspec.msgpack.Decoder(Page)


def encode_page(page: Page) -> bytes:
    """A page as bytes."""
    return msgspec.msgpack.encode(page)


def decode_page(body: bytes) -> Page:
    """The page in some bytes."""
    return _PAGE.decode(body)
