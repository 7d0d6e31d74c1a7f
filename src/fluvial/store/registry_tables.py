"""The schema of logged models and of the registry; `tables.py` has the rest.

A logged model belongs to an experiment, and lies beside it. A registered model belongs to none: it is known
inside the database by `registered_id`, its versions by `version_key`, time-ordered integers, so that a new
name is one row, and its versions' copies of it, which search orders by.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from fluvial.store import tables

metadata = tables.metadata

# Sorted by code point on both databases, so that an index serves the order that search wants.
_Name = Text().with_variant(Text(collation="C"), "postgresql")


def _of_model(*columns: Column[object]) -> tuple[Column[object], ...]:
    return (
        Column("experiment_id", BigInteger, nullable=False),
        Column("model_key", BigInteger, nullable=False),
        *columns,
    )


logged_model = Table(
    "logged_model",
    metadata,
    *_of_model(
        Column("model_id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("model_type", Text, nullable=False),
        Column("source_run_id", Text, nullable=False),
        Column("status", SmallInteger, nullable=False),
        Column("artifact_uri", Text, nullable=False),
        Column("is_deleted", SmallInteger, nullable=False),
        Column("created_ms", BigInteger, nullable=False),
        Column("updated_ms", BigInteger, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "model_key"),
    Index(None, "experiment_id", "created_ms", "model_id"),
    Index(None, "experiment_id", "source_run_id"),
    sqlite_with_rowid=False,
)

# Where a logged model is, by its public id.
logged_model_place = Table(
    "logged_model_place",
    metadata,
    Column("model_id", Text, nullable=False),
    Column("experiment_id", BigInteger, nullable=False),
    Column("model_key", BigInteger, nullable=False),
    PrimaryKeyConstraint("model_id"),
    sqlite_with_rowid=False,
)

logged_model_param = Table(
    "logged_model_param",
    metadata,
    *_of_model(Column("key", Text, nullable=False), Column("value", Text, nullable=False)),
    PrimaryKeyConstraint("experiment_id", "model_key", "key"),
    sqlite_with_rowid=False,
)

logged_model_tag = Table(
    "logged_model_tag",
    metadata,
    *_of_model(Column("key", Text, nullable=False), Column("value", Text, nullable=False)),
    PrimaryKeyConstraint("experiment_id", "model_key", "key"),
    sqlite_with_rowid=False,
)

# The last value of each metric of a model by step and time: per dataset ("" where none is said) and run.
logged_model_metric = Table(
    "logged_model_metric",
    metadata,
    *_of_model(
        Column("key", Text, nullable=False),
        Column("dataset_name", Text, nullable=False),
        Column("dataset_digest", Text, nullable=False),
        Column("run_id", Text, nullable=False),
        Column("value", Double),
        Column("step", BigInteger, nullable=False),
        Column("logged_ms", BigInteger, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "model_key", "key", "dataset_name", "dataset_digest", "run_id"),
    sqlite_with_rowid=False,
)

registered_model = Table(
    "registered_model",
    metadata,
    Column("registered_id", BigInteger, nullable=False, autoincrement=False),
    Column("name", _Name, nullable=False),
    Column("description", Text),
    Column("is_prompt", SmallInteger, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("registered_id"),
    UniqueConstraint("name"),
    sqlite_with_rowid=False,
)

registered_model_tag = Table(
    "registered_model_tag",
    metadata,
    Column("registered_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("registered_id", "key"),
    sqlite_with_rowid=False,
)

model_alias = Table(
    "model_alias",
    metadata,
    Column("registered_id", BigInteger, nullable=False),
    Column("alias", Text, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("registered_id", "alias"),
    sqlite_with_rowid=False,
)

# `state` is one of the model's lifecycle; "" where it was given none.
model_version = Table(
    "model_version",
    metadata,
    Column("version_key", BigInteger, nullable=False, autoincrement=False),
    Column("registered_id", BigInteger, nullable=False),
    Column("name", _Name, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_prompt", SmallInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("storage_uri", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("run_link", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("description", Text),
    Column("stage", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("version_key"),
    UniqueConstraint("name", "version"),
    Index(None, "registered_id", "stage", "version", "version_key"),
    Index(None, "registered_id", "version"),
    Index(None, "run_id"),
    Index(None, "model_id"),
    Index(None, "source"),
    Index(None, "updated_ms", "name", "version"),
    sqlite_with_rowid=False,
)

# `value_start` is what an index can hold of a value, which may have a hundred thousand characters.
model_version_tag = Table(
    "model_version_tag",
    metadata,
    Column("version_key", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("value_start", Text, nullable=False),
    PrimaryKeyConstraint("version_key", "key"),
    Index(None, "key", "value_start", "version_key"),
    sqlite_with_rowid=False,
)

# Everything that was ever decided about registered models; rows are added, and never changed.
# `field` says what changed: "alias", "stage", "state", …; `key` which one of several.
registry_event = Table(
    "registry_event",
    metadata,
    Column("event_id", BigInteger, nullable=False, autoincrement=False),
    Column("registered_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer),
    Column("field", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("event_id"),
    Index(None, "registered_id", "field", "key", "event_id"),
    Index(None, "name", "event_id"),
    sqlite_with_rowid=False,
)
