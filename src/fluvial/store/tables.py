"""The schema.

Names of params, metrics and tags are interned in `key`; a run is known inside the database by its
`run_key`, a time-ordered integer. Where ids come from: `ids.py`. A column that may hold NaN holds NULL
for it, on both databases: SQLite cannot store NaN, and PostgreSQL sorts it above every number.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
        "fk": "%(table_name)s_%(referred_table_name)s_fk",
    }
)

# 64-bit keys; SQLite wants the type INTEGER where one is the row's own id.
_Key = BigInteger().with_variant(Integer, "sqlite")

experiment = Table(
    "experiment",
    metadata,
    Column("experiment_id", _Key, nullable=False, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("artifact_location", Text, nullable=False),
    Column("is_deleted", SmallInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("active_ms", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("experiment_id"),
    UniqueConstraint("name"),
    Index(None, "is_deleted", "created_ms"),
    Index(None, "is_deleted", "active_ms"),
)

experiment_tag = Table(
    "experiment_tag",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("experiment_id", "key"),
    sqlite_with_rowid=False,
)

key = Table(
    "key",
    metadata,
    Column("key_id", _Key, nullable=False, autoincrement=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("key_id"),
    UniqueConstraint("name"),
)

# Which keys the runs of an experiment have: the columns of its table. `kind` is a `keys.Kind`.
experiment_key = Table(
    "experiment_key",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("key_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("experiment_id", "kind", "key_id"),
    sqlite_with_rowid=False,
)

# What a metric was measured on, where the caller says: a logged model, a dataset, or both.
metric_source = Table(
    "metric_source",
    metadata,
    Column("source_id", _Key, nullable=False, autoincrement=False),
    Column("model_id", Text),
    Column("dataset_name", Text),
    Column("dataset_digest", Text),
    PrimaryKeyConstraint("source_id"),
)

run = Table(
    "run",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("run_key", BigInteger, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("is_deleted", SmallInteger, nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger),
    Column("artifact_uri", Text, nullable=False),
    PrimaryKeyConstraint("experiment_id", "run_key"),
    Index(None, "experiment_id", "is_deleted", "start_ms", "run_id"),
    sqlite_with_rowid=False,
)

# The last change of a run, as `run_changes.py` numbers it.
run_change = Table(
    "run_change",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("run_key", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    PrimaryKeyConstraint("experiment_id", "run_key"),
    Index(None, "experiment_id", "change"),
    sqlite_with_rowid=False,
)

# Columns of large experiments as packed blocks, and up to which change they are true:
# `columns/checkpoints.py`.
column_checkpoint = Table(
    "column_checkpoint",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("part", SmallInteger, nullable=False),
    Column("key_id", BigInteger, nullable=False),
    Column("next_number", BigInteger, nullable=False),
    PrimaryKeyConstraint("experiment_id", "part", "key_id"),
    sqlite_with_rowid=False,
)

column_block = Table(
    "column_block",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("part", SmallInteger, nullable=False),
    Column("key_id", BigInteger, nullable=False),
    Column("first_run_key", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("texts", LargeBinary),
    PrimaryKeyConstraint("experiment_id", "part", "key_id", "first_run_key"),
)

# Where a run is, by its public id: the one look-up that does not know the experiment.
run_place = Table(
    "run_place",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("experiment_id", BigInteger, nullable=False),
    Column("run_key", BigInteger, nullable=False),
    PrimaryKeyConstraint("run_id"),
    sqlite_with_rowid=False,
)

# The run whose points up to a step a run goes on with: the first part of its history.
run_origin = Table(
    "run_origin",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("run_key", BigInteger, nullable=False),
    Column("origin_key", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("origin_experiment_id", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("experiment_id", "run_key"),
    Index(None, "origin_key"),
    sqlite_with_rowid=False,
)


def _of_run(*columns: Column[object]) -> tuple[Column[object], ...]:
    return (
        Column("experiment_id", BigInteger, nullable=False),
        Column("run_key", BigInteger, nullable=False),
        *columns,
    )


param = Table(
    "param",
    metadata,
    *_of_run(Column("key_id", BigInteger, nullable=False), Column("value", Text, nullable=False)),
    PrimaryKeyConstraint("experiment_id", "run_key", "key_id"),
    sqlite_with_rowid=False,
)

tag = Table(
    "tag",
    metadata,
    *_of_run(Column("key_id", BigInteger, nullable=False), Column("value", Text, nullable=False)),
    PrimaryKeyConstraint("experiment_id", "run_key", "key_id"),
    sqlite_with_rowid=False,
)

metric = Table(
    "metric",
    metadata,
    *_of_run(
        Column("key_id", BigInteger, nullable=False),
        Column("last_value", Double),
        Column("last_step", BigInteger, nullable=False),
        Column("last_ms", BigInteger, nullable=False),
        Column("last_source_id", BigInteger),
        Column("min_value", Double),
        Column("max_value", Double),
        Column("sum_value", Double),
        Column("n_points", BigInteger, nullable=False),
        Column("n_nan", BigInteger, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "key_id"),
    sqlite_with_rowid=False,
)

# Points as they came. `is_folded`: what compaction left over, of series too short for a chunk.
segment = Table(
    "segment",
    metadata,
    *_of_run(
        Column("segment_id", BigInteger, nullable=False),
        Column("n_points", BigInteger, nullable=False),
        Column("data", LargeBinary, nullable=False),
        Column("is_folded", SmallInteger, nullable=False, server_default="0"),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "segment_id"),
)
# What compaction has to do, without a look at the rest.
Index(
    "segment_open_index",
    segment.c.experiment_id,
    segment.c.run_key,
    segment.c.segment_id,
    segment.c.n_points,
    sqlite_where=segment.c.is_folded == 0,
    postgresql_where=segment.c.is_folded == 0,
)

# Points of one series in step order. Those that are rolled up do not overlap each other; others may.
chunk = Table(
    "chunk",
    metadata,
    *_of_run(
        Column("key_id", BigInteger, nullable=False),
        Column("last_step", BigInteger, nullable=False),
        Column("chunk_id", BigInteger, nullable=False),
        Column("last_ms", BigInteger, nullable=False),
        Column("first_step", BigInteger, nullable=False),
        Column("first_ms", BigInteger, nullable=False),
        Column("n_points", BigInteger, nullable=False),
        Column("is_rolled", SmallInteger, nullable=False),
        Column("data", LargeBinary, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "key_id", "last_step", "chunk_id"),
)

# What is read beside the roll-ups.
Index(
    "chunk_loose_index",
    chunk.c.experiment_id,
    chunk.c.run_key,
    chunk.c.key_id,
    sqlite_where=chunk.c.is_rolled == 0,
    postgresql_where=chunk.c.is_rolled == 0,
)

# The chunks that are rolled up, as cells of `level` points.
rollup = Table(
    "rollup",
    metadata,
    *_of_run(
        Column("key_id", BigInteger, nullable=False),
        Column("level", Integer, nullable=False),
        Column("last_step", BigInteger, nullable=False),
        Column("rollup_id", BigInteger, nullable=False),
        Column("first_step", BigInteger, nullable=False),
        Column("n_cells", BigInteger, nullable=False),
        Column("data", LargeBinary, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "key_id", "level", "last_step", "rollup_id"),
)

dataset = Table(
    "dataset",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("dataset_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("source_type", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("schema", Text),
    Column("profile", Text),
    PrimaryKeyConstraint("experiment_id", "dataset_id"),
    UniqueConstraint("experiment_id", "name", "digest"),
)

run_input = Table(
    "run_input",
    metadata,
    *_of_run(
        Column("dataset_id", BigInteger, nullable=False),
        Column("context", Text),
        Column("tags", Text, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "dataset_id"),
    Index(None, "experiment_id", "dataset_id"),
)

# Logged models that a run read (is_output 0) or made (1).
run_model = Table(
    "run_model",
    metadata,
    *_of_run(
        Column("model_id", Text, nullable=False),
        Column("is_output", SmallInteger, nullable=False),
        Column("step", BigInteger, nullable=False),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "is_output", "model_id", "step"),
    sqlite_with_rowid=False,
)

# Runs, and experiments (run_key 0), whose words are not indexed yet: those that are older than the index,
# whose tables `texts.py` describes.
text_backlog = Table(
    "text_backlog",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("run_key", BigInteger, nullable=False),
    PrimaryKeyConstraint("experiment_id", "run_key"),
    sqlite_with_rowid=False,
)

# How far each client journal has been applied.
journal = Table(
    "journal",
    metadata,
    Column("journal_id", Text, nullable=False),
    Column("next_sequence", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("journal_id"),
    sqlite_with_rowid=False,
)

# When something was last heard of a run whose client gives signs of life. `is_silent`: it was marked so.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("beat_ms", BigInteger, nullable=False),
    Column("is_silent", SmallInteger, nullable=False),
    PrimaryKeyConstraint("run_id"),
    Index(None, "is_silent", "beat_ms"),
    sqlite_with_rowid=False,
)

# Items of series that are no numbers. `data` is a packed distribution; the others are artifacts, at `path`.
media = Table(
    "media",
    metadata,
    *_of_run(
        Column("key", Text, nullable=False),
        Column("step", BigInteger, nullable=False),
        Column("media_id", BigInteger, nullable=False),
        Column("kind", Text, nullable=False),
        Column("logged_ms", BigInteger, nullable=False),
        Column("caption", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("data", LargeBinary),
    ),
    PrimaryKeyConstraint("experiment_id", "run_key", "key", "step", "media_id"),
    sqlite_with_rowid=False,
)

# What people look at in an experiment, by name. `deleted_ms` is 0 for one that is not in the trash.
saved_view = Table(
    "saved_view",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("view_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_default", SmallInteger, nullable=False),
    Column("deleted_ms", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("updated_by", Text, nullable=False),
    PrimaryKeyConstraint("experiment_id", "view_id"),
    UniqueConstraint("experiment_id", "name", "deleted_ms"),
    sqlite_with_rowid=False,
)

report = Table(
    "report",
    metadata,
    Column("report_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deleted_ms", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("updated_by", Text, nullable=False),
    PrimaryKeyConstraint("report_id"),
    Index(None, "deleted_ms", "updated_ms"),
    sqlite_with_rowid=False,
)

# Reports as they were. `data`, packed, is what the panels of a pinned version showed.
report_version = Table(
    "report_version",
    metadata,
    Column("report_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    Column("saved_ms", BigInteger, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("pinned_ms", BigInteger),
    Column("data", LargeBinary),
    PrimaryKeyConstraint("report_id", "version"),
    sqlite_with_rowid=False,
)

# A file that comes in parts. `etag` is the finished file's; "" until then.
upload = Table(
    "upload",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("upload_id", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("store_id", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("touched_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("experiment_id", "upload_id"),
    Index(None, "experiment_id", "run_id"),
    Index(None, "touched_ms"),
    sqlite_with_rowid=False,
)

upload_part = Table(
    "upload_part",
    metadata,
    Column("experiment_id", BigInteger, nullable=False),
    Column("upload_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("etag", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("experiment_id", "upload_id", "number"),
    sqlite_with_rowid=False,
)

# Which server does a job at the moment.
lease = Table(
    "lease",
    metadata,
    Column("name", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("name"),
    sqlite_with_rowid=False,
)
