"""Policies, evidence, gates and promotion requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "registry_policy",
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("registered_id", "number", name=op.f("registry_policy_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_evidence",
        sa.Column("evidence_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("model_evidence_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "model_evidence_model_id_evidence_id_index", "model_evidence", ["model_id", "evidence_id"]
    )
    op.create_index(
        "model_evidence_registered_id_version_evidence_id_index",
        "model_evidence",
        ["registered_id", "version", "evidence_id"],
    )
    op.create_table(
        "gate_result",
        sa.Column("result_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("result_id", name=op.f("gate_result_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "gate_result_registered_id_version_result_id_index",
        "gate_result",
        ["registered_id", "version", "result_id"],
    )
    op.create_table(
        "promotion_request",
        sa.Column("request_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("request_id", name=op.f("promotion_request_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "promotion_request_author_request_id_index", "promotion_request", ["author", "request_id"]
    )
    op.create_index(
        "promotion_request_registered_id_request_id_index",
        "promotion_request",
        ["registered_id", "request_id"],
    )
    op.create_index(
        "promotion_request_status_request_id_index", "promotion_request", ["status", "request_id"]
    )
    op.create_table(
        "promotion_review",
        sa.Column("review_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", name=op.f("promotion_review_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "promotion_review_request_id_review_id_index", "promotion_review", ["request_id", "review_id"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("promotion_review")
    op.drop_table("promotion_request")
    op.drop_table("gate_result")
    op.drop_table("model_evidence")
    op.drop_table("registry_policy")
