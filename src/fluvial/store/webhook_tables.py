"""The schema of webhooks and of what they are sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from fluvial.store import promotion_tables

metadata = promotion_tables.metadata

# `secret` is encrypted by `services/secret_box.py`; NULL where there is none.
webhook = Table(
    "webhook",
    metadata,
    Column("webhook_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("secret", LargeBinary),
    Column("status", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("webhook_id"),
    sqlite_with_rowid=False,
)

# Written in the transaction that makes the change, sent by a job.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("delivery_id", BigInteger, nullable=False, autoincrement=False),
    Column("webhook_id", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("n_attempts", Integer, nullable=False),
    Column("next_ms", BigInteger, nullable=False),
    Column("response_status", Integer),
    Column("error", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("delivery_id"),
    Index(None, "status", "next_ms"),
    Index(None, "webhook_id", "delivery_id"),
    sqlite_with_rowid=False,
)
