"""The last change of each run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. A run without a row has not changed since."""
    op.create_table(
        "run_change",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("run_key", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "run_key", name=op.f("run_change_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("run_change_experiment_id_change_index"), "run_change", ["experiment_id", "change"], unique=False
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("run_change_experiment_id_change_index"), table_name="run_change")
    op.drop_table("run_change")
