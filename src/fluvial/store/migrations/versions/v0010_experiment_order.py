"""Experiments in the order in which they are listed."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "experiment_is_deleted_created_ms_index"


def upgrade() -> None:
    """Add the index."""
    op.create_index(NAME, "experiment", ["is_deleted", "created_ms"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, "experiment")
