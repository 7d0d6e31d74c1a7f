"""Policies, promotion requests and reviews in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.promotion import Decision, Review
from fluvial.errors import NotFound
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.promotion_tables import promotion_request, promotion_review, registry_policy
from fluvial.store.statement import Statement


class PolicyRow(NamedTuple):
    """A row of the table, its columns in order."""

    registered_id: int
    number: int
    text: str
    created_ms: int
    created_by: str


class RequestRow(NamedTuple):
    """A row of the table, its columns in order."""

    request_id: int
    registered_id: int
    name: str
    version: int
    target: str
    key: str
    reason: str
    status: str
    author: str
    created_ms: int
    decided_ms: int | None
    leaves: int


class ReviewRow(NamedTuple):
    """A row of the table, its columns in order."""

    review_id: int
    request_id: int
    author: str
    decision: str
    comment: str
    at_ms: int


_POLICY = Statement(
    select(*registry_policy.c)
    .where(registry_policy.c.registered_id == bindparam("id"))
    .order_by(registry_policy.c.number.desc())
    .limit(1)
)
_ADD_POLICY = Statement(
    insert(registry_policy).values({column.name: bindparam(column.name) for column in registry_policy.c})
)
_ADD_REQUEST = Statement(
    insert(promotion_request).values({column.name: bindparam(column.name) for column in promotion_request.c})
)
_ADD_REVIEW = Statement(
    insert(promotion_review).values({column.name: bindparam(column.name) for column in promotion_review.c})
)
_REQUEST = Statement(select(*promotion_request.c).where(promotion_request.c.request_id == bindparam("id")))
_DECIDE = Statement(
    update(promotion_request)
    .where(promotion_request.c.request_id == bindparam("id"), promotion_request.c.status == "open")
    .values(status=bindparam("new_status"), decided_ms=bindparam("new_decided_ms"))
)
_REVIEWS = Statement(
    select(*promotion_review.c)
    .where(AnyOf(promotion_review.c.request_id, "ids"))
    .order_by(promotion_review.c.review_id)
)


def find_policy(transaction: Transaction, registered_id: int) -> PolicyRow | None:
    """The policy of a model that holds now."""
    row = transaction.row(_POLICY, {"id": registered_id})
    return None if row is None else PolicyRow(*row)


def add_policy(transaction: Transaction, row: PolicyRow) -> None:
    """Let another policy hold; those before it stay."""
    transaction.run(_ADD_POLICY, row._asdict())


def add_request(transaction: Transaction, row: RequestRow) -> None:
    """Keep a request."""
    transaction.run(_ADD_REQUEST, row._asdict())


def get_request(transaction: Transaction, request_id: int) -> RequestRow:
    """One request.

    Raises:
        NotFound: There is none with the id.
    """
    row = transaction.row(_REQUEST, {"id": request_id})
    if row is None:
        raise NotFound(f"No promotion request has the id {request_id}.")
    return RequestRow(*row)


def decide(transaction: Transaction, request_id: int, status: str, now_ms: int) -> bool:
    """Close a request; returns whether it was open."""
    given = {"id": request_id, "new_status": status, "new_decided_ms": now_ms}
    return transaction.run(_DECIDE, given) > 0


def find_requests(
    transaction: Transaction,
    *,
    registered_id: int | None = None,
    status: str = "",
    author: str = "",
    version: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[RequestRow]:
    """Requests, newest first, before the one with an id."""
    kept = promotion_request.c
    statement = select(*kept).order_by(kept.request_id.desc()).limit(limit)
    for column, wanted in (
        (kept.registered_id, registered_id),
        (kept.status, status or None),
        (kept.author, author or None),
        (kept.version, version),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(kept.request_id < before)
    return [RequestRow(*row) for row in transaction.select(statement)]


def add_review(transaction: Transaction, row: ReviewRow) -> None:
    """Keep what somebody says about a request."""
    transaction.run(_ADD_REVIEW, row._asdict())


def reviews_of(transaction: Transaction, request_ids: Sequence[int]) -> dict[int, list[Review]]:
    """What was said about requests, oldest first."""
    found: defaultdict[int, list[Review]] = defaultdict(list)
    given = {"ids": as_list(transaction.dialect, request_ids)}
    for row in map(ReviewRow._make, transaction.rows(_REVIEWS, given)):
        found[row.request_id].append(
            Review(
                review_id=str(row.review_id),
                author=row.author,
                decision=Decision(row.decision),
                comment=row.comment,
                timestamp=row.at_ms,
            )
        )
    return found
