"""Signs of life of runs, and which server does a background job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "heartbeat",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("beat_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_silent", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("heartbeat_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("heartbeat_is_silent_beat_ms_index"), "heartbeat", ["is_silent", "beat_ms"], unique=False
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("lease_pk")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("lease")
    op.drop_index(op.f("heartbeat_is_silent_beat_ms_index"), table_name="heartbeat")
    op.drop_table("heartbeat")
