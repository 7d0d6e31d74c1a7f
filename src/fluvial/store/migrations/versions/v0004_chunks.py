"""Chunks of series and their roll-ups, which segments are folded into."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and note which segments are still to be folded."""
    op.add_column("segment", sa.Column("is_folded", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index(
        "segment_open_index",
        "segment",
        ["experiment_id", "run_key", "segment_id", "n_points"],
        sqlite_where=sa.text("is_folded = 0"),
        postgresql_where=sa.text("is_folded = 0"),
    )
    op.create_table(
        "chunk",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("run_key", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("chunk_id", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("first_step", sa.BigInteger(), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("n_points", sa.BigInteger(), nullable=False),
        sa.Column("is_rolled", sa.SmallInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "experiment_id", "run_key", "key_id", "last_step", "chunk_id", name=op.f("chunk_pk")
        ),
    )
    op.create_index(
        "chunk_loose_index",
        "chunk",
        ["experiment_id", "run_key", "key_id"],
        sqlite_where=sa.text("is_rolled = 0"),
        postgresql_where=sa.text("is_rolled = 0"),
    )
    op.create_table(
        "rollup",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("run_key", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("rollup_id", sa.BigInteger(), nullable=False),
        sa.Column("first_step", sa.BigInteger(), nullable=False),
        sa.Column("n_cells", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "experiment_id", "run_key", "key_id", "level", "last_step", "rollup_id", name=op.f("rollup_pk")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        # They are compressed already: to try it again costs time and saves nothing.
        for table in ("segment", "chunk", "rollup"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN data SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Refuse: points in chunks have no place in the schema before."""
    raise NotImplementedError("Chunks cannot be turned back into segments: restore a backup.")
