"""Webhooks, and what they are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("webhook_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("delivery_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.Column("response_status", sa.Integer()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("webhook_delivery_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("webhook_delivery_status_next_ms_index", "webhook_delivery", ["status", "next_ms"])
    op.create_index(
        "webhook_delivery_webhook_id_delivery_id_index", "webhook_delivery", ["webhook_id", "delivery_id"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
