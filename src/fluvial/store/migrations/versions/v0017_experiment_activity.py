"""Experiments in the order in which something happened in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "experiment_is_deleted_active_ms_index"


def upgrade() -> None:
    """Say of each when it was: its newest run says so, or else its last change."""
    op.add_column("experiment", sa.Column("active_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE experiment SET active_ms = updated_ms")
    op.execute(
        "UPDATE experiment SET active_ms = newest.start_ms FROM"
        " (SELECT experiment_id, max(start_ms) AS start_ms FROM run WHERE is_deleted = 0"
        " GROUP BY experiment_id) AS newest"
        " WHERE newest.experiment_id = experiment.experiment_id AND newest.start_ms > experiment.active_ms"
    )
    op.create_index(NAME, "experiment", ["is_deleted", "active_ms"])


def downgrade() -> None:
    """Forget it."""
    op.drop_index(NAME, "experiment")
    op.drop_column("experiment", "active_ms")
