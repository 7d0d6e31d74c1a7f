"""Runs that go on with another one's history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "run_origin",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("run_key", sa.BigInteger(), nullable=False),
        sa.Column("origin_key", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "run_key", name=op.f("run_origin_pk")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("run_origin")
