"""The words of runs and experiments, for full-text search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OWNERS = {"run_text": ("experiment_id", "run_key"), "experiment_text": ("experiment_id",)}


def upgrade() -> None:
    """Add the tables, empty: a job indexes what is there by and by, while the server serves."""
    for name, owner in _OWNERS.items():
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(words, tokenize = 'ascii', columnsize = 0)")
        else:
            columns = ", ".join(f"{column} BIGINT NOT NULL" for column in owner)
            op.execute(
                f"CREATE TABLE {name} ({columns}, words TSVECTOR NOT NULL, "
                f"CONSTRAINT {name}_pk PRIMARY KEY ({', '.join(owner)}))"
            )
            op.execute(f"CREATE INDEX {name}_words_index ON {name} USING gin (words)")
    op.create_table(
        "text_backlog",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("run_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "run_key", name=op.f("text_backlog_pk")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO text_backlog SELECT experiment_id, 0 FROM experiment")
    op.execute("INSERT INTO text_backlog SELECT experiment_id, run_key FROM run")


def downgrade() -> None:
    """Drop them."""
    for name in ("text_backlog", *_OWNERS):
        op.execute(f"DROP TABLE {name}")
