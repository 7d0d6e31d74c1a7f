"""The schema of policies, evidence, gates and promotion requests; only the status of a request changes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from fluvial.store import registry_tables

metadata = registry_tables.metadata

registry_policy = Table(
    "registry_policy",
    metadata,
    Column("registered_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("registered_id", "number"),
    sqlite_with_rowid=False,
)

# Of a logged model (`model_id`), or of a version (`registered_id` and `version`); the other is "" or 0.
model_evidence = Table(
    "model_evidence",
    metadata,
    Column("evidence_id", BigInteger, nullable=False, autoincrement=False),
    Column("model_id", Text, nullable=False),
    Column("registered_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("evidence_id"),
    Index(None, "model_id", "evidence_id"),
    Index(None, "registered_id", "version", "evidence_id"),
    sqlite_with_rowid=False,
)

gate_result = Table(
    "gate_result",
    metadata,
    Column("result_id", BigInteger, nullable=False, autoincrement=False),
    Column("registered_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("policy_number", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("result_id"),
    Index(None, "registered_id", "version", "result_id"),
    sqlite_with_rowid=False,
)

promotion_request = Table(
    "promotion_request",
    metadata,
    Column("request_id", BigInteger, nullable=False, autoincrement=False),
    Column("registered_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("target", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("decided_ms", BigInteger),
    Column("leaves", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("request_id"),
    Index(None, "status", "request_id"),
    Index(None, "registered_id", "request_id"),
    Index(None, "author", "request_id"),
    sqlite_with_rowid=False,
)

promotion_review = Table(
    "promotion_review",
    metadata,
    Column("review_id", BigInteger, nullable=False, autoincrement=False),
    Column("request_id", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("review_id"),
    Index(None, "request_id", "review_id"),
    sqlite_with_rowid=False,
)
