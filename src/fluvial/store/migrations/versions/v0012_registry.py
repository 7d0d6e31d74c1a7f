"""Logged models, and the registry with its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "logged_model",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("model_key", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model_type", sa.Text(), nullable=False),
        sa.Column("source_run_id", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("artifact_uri", sa.Text(), nullable=False),
        sa.Column("is_deleted", sa.SmallInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "model_key", name=op.f("logged_model_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "logged_model_experiment_id_created_ms_model_id_index",
        "logged_model",
        ["experiment_id", "created_ms", "model_id"],
    )
    op.create_index(
        "logged_model_experiment_id_source_run_id_index", "logged_model", ["experiment_id", "source_run_id"]
    )
    op.create_table(
        "logged_model_place",
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("model_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("model_id", name=op.f("logged_model_place_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logged_model_param",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("model_key", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "model_key", "key", name=op.f("logged_model_param_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logged_model_tag",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("model_key", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "model_key", "key", name=op.f("logged_model_tag_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logged_model_metric",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("model_key", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("dataset_name", sa.Text(), nullable=False),
        sa.Column("dataset_digest", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("logged_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "experiment_id",
            "model_key",
            "key",
            "dataset_name",
            "dataset_digest",
            "run_id",
            name=op.f("logged_model_metric_pk"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registered_model",
        sa.Column("registered_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("is_prompt", sa.SmallInteger(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("registered_id", name=op.f("registered_model_pk")),
        sa.UniqueConstraint("name", name=op.f("registered_model_name_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registered_model_tag",
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("registered_id", "key", name=op.f("registered_model_tag_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_alias",
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("registered_id", "alias", name=op.f("model_alias_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_version",
        sa.Column("version_key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_prompt", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("storage_uri", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("run_link", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version_key", name=op.f("model_version_pk")),
        sa.UniqueConstraint("name", "version", name=op.f("model_version_name_version_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("model_version_model_id_index", "model_version", ["model_id"])
    op.create_index(
        "model_version_registered_id_stage_version_version_key_index",
        "model_version",
        ["registered_id", "stage", "version", "version_key"],
    )
    op.create_index(
        "model_version_registered_id_version_index", "model_version", ["registered_id", "version"]
    )
    op.create_index("model_version_run_id_index", "model_version", ["run_id"])
    op.create_index("model_version_source_index", "model_version", ["source"])
    op.create_index(
        "model_version_updated_ms_name_version_index", "model_version", ["updated_ms", "name", "version"]
    )
    op.create_table(
        "model_version_tag",
        sa.Column("version_key", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_start", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_key", "key", name=op.f("model_version_tag_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "model_version_tag_key_value_start_version_key_index",
        "model_version_tag",
        ["key", "value_start", "version_key"],
    )
    op.create_table(
        "registry_event",
        sa.Column("event_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("registered_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("registry_event_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("registry_event_name_event_id_index", "registry_event", ["name", "event_id"])
    op.create_index(
        "registry_event_registered_id_field_key_event_id_index",
        "registry_event",
        ["registered_id", "field", "key", "event_id"],
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("registry_event")
    op.drop_table("model_version_tag")
    op.drop_table("model_version")
    op.drop_table("model_alias")
    op.drop_table("registered_model_tag")
    op.drop_table("registered_model")
    op.drop_table("logged_model_metric")
    op.drop_table("logged_model_tag")
    op.drop_table("logged_model_param")
    op.drop_table("logged_model_place")
    op.drop_table("logged_model")
