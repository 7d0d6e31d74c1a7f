"""Columns of large experiments as packed blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "column_checkpoint",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "part", "key_id", name=op.f("column_checkpoint_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "column_block",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("first_run_key", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("texts", sa.LargeBinary()),
        sa.PrimaryKeyConstraint(
            "experiment_id", "part", "key_id", "first_run_key", name=op.f("column_block_pk")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("column_block")
    op.drop_table("column_checkpoint")
