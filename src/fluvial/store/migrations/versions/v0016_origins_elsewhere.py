"""Runs that go on with the history of a run of another experiment: one of the two was moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of each where its origin is."""
    op.add_column(
        "run_origin",
        sa.Column("origin_experiment_id", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.execute("UPDATE run_origin SET origin_experiment_id = experiment_id")
    op.create_index("run_origin_origin_key_index", "run_origin", ["origin_key"])


def downgrade() -> None:
    """Take it for granted again."""
    op.drop_index("run_origin_origin_key_index", "run_origin")
    op.drop_column("run_origin", "origin_experiment_id")
