"""Versions of registered models in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.author import known
from fluvial.entities.registered_model import ModelVersion, Stage
from fluvial.entities.tag import Tag
from fluvial.errors import NotFound
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.registry_tables import (
    model_alias,
    model_version,
    model_version_tag,
    registered_model,
)
from fluvial.store.statement import Statement


class VersionRow(NamedTuple):
    """A row of the table, its columns in order."""

    version_key: int
    registered_id: int
    name: str
    version: int
    is_prompt: int
    source: str
    storage_uri: str
    run_id: str
    run_link: str
    model_id: str
    description: str | None
    stage: int
    state: str
    created_ms: int
    created_by: str
    updated_ms: int


COLUMNS = tuple(model_version.c)
_ONE = Statement(
    select(*COLUMNS).where(
        model_version.c.name == bindparam("name"), model_version.c.version == bindparam("number")
    )
)
_BY_KEYS = Statement(select(*COLUMNS).where(AnyOf(model_version.c.version_key, "keys")))
_OF_MODEL = model_version.c.registered_id == bindparam("id")
_NUMBERED = Statement(select(*COLUMNS).where(_OF_MODEL, AnyOf(model_version.c.version, "numbers")))
_IN_STAGE = Statement(
    select(*COLUMNS)
    .where(_OF_MODEL, model_version.c.stage == bindparam("in_stage"))
    .order_by(model_version.c.version)
)
_IN_STATE = Statement(
    select(*COLUMNS)
    .where(_OF_MODEL, model_version.c.state == bindparam("in_state"))
    .order_by(model_version.c.version)
)
_NEWEST = Statement(select(*COLUMNS).where(_OF_MODEL).order_by(model_version.c.version.desc()).limit(1))
_COUNTS = Statement(
    select(model_version.c.registered_id, func.count())
    .where(AnyOf(model_version.c.registered_id, "ids"))
    .group_by(model_version.c.registered_id)
)
_OF_LOGGED_MODELS = Statement(
    select(*COLUMNS).where(AnyOf(model_version.c.model_id, "ids")).order_by(model_version.c.version_key)
)
_OF_RUNS = Statement(
    select(*COLUMNS).where(AnyOf(model_version.c.run_id, "ids")).order_by(model_version.c.version_key)
)
_INSERT = Statement(insert(model_version).values({column.name: bindparam(column.name) for column in COLUMNS}))
_CHANGED = ("is_prompt", "description", "stage", "state", "updated_ms")
_SAVE = Statement(
    update(model_version)
    .where(model_version.c.version_key == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_DELETE = Statement(delete(model_version).where(model_version.c.version_key == bindparam("key")))
_DELETE_TAGS = Statement(delete(model_version_tag).where(model_version_tag.c.version_key == bindparam("key")))
_DELETE_ALL = Statement(delete(model_version).where(_OF_MODEL))
_DELETE_ALL_TAGS = Statement(
    delete(model_version_tag).where(
        model_version_tag.c.version_key.in_(select(model_version.c.version_key).where(_OF_MODEL))
    )
)
_SET_TAG = Statement(
    insert(model_version_tag)
    .values({column.name: bindparam(column.name) for column in model_version_tag.c})
    .on_conflict_do_update(
        index_elements=["version_key", "key"],
        set_={name: insert(model_version_tag).excluded[name] for name in ("value", "value_start")},
    )
)
_DELETE_TAG = Statement(
    delete(model_version_tag).where(
        model_version_tag.c.version_key == bindparam("id"), model_version_tag.c.key == bindparam("tag_key")
    )
)
_TAGS = Statement(
    select(model_version_tag.c.version_key, model_version_tag.c.key, model_version_tag.c.value)
    .where(AnyOf(model_version_tag.c.version_key, "keys"))
    .order_by(model_version_tag.c.version_key, model_version_tag.c.key)
)
_ALIASES = Statement(
    select(model_alias.c.registered_id, model_alias.c.version, model_alias.c.alias)
    .where(AnyOf(model_alias.c.registered_id, "ids"))
    .order_by(model_alias.c.registered_id, model_alias.c.alias)
)
# One look into the index for each stage, however many versions there are.
_LATEST = Statement(
    select(
        *(
            select(model_version.c.version_key)
            .where(
                model_version.c.registered_id == registered_model.c.registered_id,
                model_version.c.stage == stage.number,
            )
            .order_by(model_version.c.version.desc())
            .limit(1)
            .correlate(registered_model)
            .scalar_subquery()
            .label(f"in_{stage.number}")
            for stage in Stage
        )
    )
    .select_from(registered_model)
    .where(AnyOf(registered_model.c.registered_id, "ids"))
)


def find(transaction: Transaction, name: str, version: int) -> VersionRow | None:
    """One version."""
    row = transaction.row(_ONE, {"name": name, "number": version})
    return None if row is None else VersionRow(*row)


def get(transaction: Transaction, name: str, version: int) -> VersionRow:
    """One version.

    Raises:
        NotFound: No such version, or no such model.
    """
    row = find(transaction, name, version)
    if row is None:
        raise NotFound(f"The registered model {name[:200]!r} has no version {version}.")
    return row


def find_all(transaction: Transaction, registered_id: int, versions: Sequence[int]) -> list[VersionRow]:
    """Some versions of a model; unknown numbers are passed over."""
    given = {"id": registered_id, "numbers": as_list(transaction.dialect, versions)}
    return [VersionRow(*row) for row in transaction.rows(_NUMBERED, given)]


def find_newest(transaction: Transaction, registered_id: int) -> VersionRow | None:
    """The version of a model with the highest number."""
    row = transaction.row(_NEWEST, {"id": registered_id})
    return None if row is None else VersionRow(*row)


def count(transaction: Transaction, registered_ids: Sequence[int]) -> dict[int, int]:
    """How many versions models have."""
    ids = as_list(transaction.dialect, registered_ids)
    return dict(transaction.rows(_COUNTS, {"ids": ids}))


def in_stage(transaction: Transaction, registered_id: int, stage: Stage) -> list[VersionRow]:
    """The versions of a model in a stage, by number."""
    given = {"id": registered_id, "in_stage": stage.number}
    return [VersionRow(*row) for row in transaction.rows(_IN_STAGE, given)]


def in_state(transaction: Transaction, registered_id: int, state: str) -> list[VersionRow]:
    """The versions of a model in a state of its lifecycle, by number."""
    given = {"id": registered_id, "in_state": state}
    return [VersionRow(*row) for row in transaction.rows(_IN_STATE, given)]


def of_logged_models(transaction: Transaction, model_ids: Sequence[str]) -> list[VersionRow]:
    """The versions that some logged models became."""
    given = {"ids": as_list(transaction.dialect, model_ids)}
    return [VersionRow(*row) for row in transaction.rows(_OF_LOGGED_MODELS, given)]


def of_runs(transaction: Transaction, run_ids: Sequence[str]) -> list[VersionRow]:
    """The versions that came from some runs."""
    given = {"ids": as_list(transaction.dialect, run_ids)}
    return [VersionRow(*row) for row in transaction.rows(_OF_RUNS, given)]


def latest(transaction: Transaction, registered_ids: Sequence[int]) -> list[VersionRow]:
    """The newest version in each stage of some models, by number."""
    ids = as_list(transaction.dialect, registered_ids)
    keys = [key for row in transaction.rows(_LATEST, {"ids": ids}) for key in row if key is not None]
    rows = transaction.rows(_BY_KEYS, {"keys": as_list(transaction.dialect, keys)}) if keys else []
    return sorted((VersionRow(*row) for row in rows), key=lambda row: (row.registered_id, row.version))


def add(transaction: Transaction, row: VersionRow) -> None:
    """Keep a new version."""
    transaction.run(_INSERT, row._asdict())


def save(transaction: Transaction, row: VersionRow) -> None:
    """Write back what may change of a version: description, stage, state, and when it was changed."""
    given = {f"new_{name}": getattr(row, name) for name in _CHANGED}
    transaction.run(_SAVE, {"key": row.version_key, **given})


def remove(transaction: Transaction, row: VersionRow) -> None:
    """Delete a version."""
    transaction.run(_DELETE_TAGS, {"key": row.version_key})
    transaction.run(_DELETE, {"key": row.version_key})


def remove_all(transaction: Transaction, registered_id: int) -> None:
    """Delete all versions of a model."""
    transaction.run(_DELETE_ALL_TAGS, {"id": registered_id})
    transaction.run(_DELETE_ALL, {"id": registered_id})


def set_tags(transaction: Transaction, row: VersionRow, tags: Mapping[str, str]) -> None:
    """Set some tags of a version."""
    transaction.run_many(
        _SET_TAG,
        [
            {"version_key": row.version_key, "key": key, "value": value, "value_start": value_start(value)}
            for key, value in tags.items()
        ],
    )


def value_start(value: str) -> str:
    """What an index can hold of a tag's value."""
    return value[:200]


def delete_tag(transaction: Transaction, row: VersionRow, key: str) -> bool:
    """Delete one tag of a version; returns whether it was there."""
    return transaction.run(_DELETE_TAG, {"id": row.version_key, "tag_key": key}) > 0


def as_entities(transaction: Transaction, rows: Sequence[VersionRow]) -> tuple[ModelVersion, ...]:
    """Rows as versions with their tags and aliases."""
    tags: defaultdict[int, list[Tag]] = defaultdict(list)
    aliases: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    if rows:
        keys = as_list(transaction.dialect, [row.version_key for row in rows])
        for version_key, key, value in transaction.rows(_TAGS, {"keys": keys}):
            tags[version_key].append(Tag(key, value))
        ids = as_list(transaction.dialect, list({row.registered_id for row in rows}))
        for registered_id, version, alias in transaction.rows(_ALIASES, {"ids": ids}):
            aliases[registered_id, version].append(alias)
    return tuple(
        ModelVersion(
            name=row.name,
            version=str(row.version),
            creation_timestamp=row.created_ms,
            last_updated_timestamp=row.updated_ms,
            user_id=known(row.created_by),
            current_stage=Stage.from_number(row.stage),
            description=row.description,
            source=row.source,
            run_id=row.run_id,
            status="READY",
            tags=tuple(tags[row.version_key]),
            run_link=row.run_link,
            aliases=tuple(aliases[row.registered_id, row.version]),
            model_id=row.model_id or None,
            state=row.state or None,
        )
        for row in rows
    )
