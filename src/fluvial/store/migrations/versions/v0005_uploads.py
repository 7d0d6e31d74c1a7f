"""Files that come in parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "upload",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("touched_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "upload_id", name=op.f("upload_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("upload_experiment_id_run_id_index"), "upload", ["experiment_id", "run_id"], unique=False
    )
    op.create_index(op.f("upload_touched_ms_index"), "upload", ["touched_ms"], unique=False)
    op.create_table(
        "upload_part",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "upload_id", "number", name=op.f("upload_part_pk")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("upload_part")
    op.drop_index(op.f("upload_touched_ms_index"), table_name="upload")
    op.drop_index(op.f("upload_experiment_id_run_id_index"), table_name="upload")
    op.drop_table("upload")
