"""Registered models, their tags and aliases in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.author import known
from fluvial.entities.registered_model import RegisteredModel, RegisteredModelAlias
from fluvial.entities.tag import Tag
from fluvial.errors import AlreadyExists, NotFound
from fluvial.store import model_versions
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.registry_tables import (
    model_alias,
    model_version,
    registered_model,
    registered_model_tag,
)
from fluvial.store.statement import Statement


class RegisteredRow(NamedTuple):
    """A row of the table, its columns in order."""

    registered_id: int
    name: str
    description: str | None
    is_prompt: int
    last_version: int
    created_ms: int
    created_by: str
    updated_ms: int


COLUMNS = tuple(registered_model.c)
_ITSELF = registered_model.c.registered_id == bindparam("id")
_BY_NAME = Statement(select(*COLUMNS).where(registered_model.c.name == bindparam("name")))
_BY_ID = Statement(select(*COLUMNS).where(_ITSELF))
_BY_NAMES = Statement(select(*COLUMNS).where(AnyOf(registered_model.c.name, "names")))
_INSERT = Statement(
    insert(registered_model)
    .values({column.name: bindparam(column.name) for column in COLUMNS})
    .on_conflict_do_nothing(index_elements=["name"])
)
_SAVE = Statement(
    update(registered_model)
    .where(_ITSELF)
    .values(
        name=bindparam("new_name"),
        description=bindparam("new_description"),
        is_prompt=bindparam("new_is_prompt"),
        updated_ms=bindparam("new_updated_ms"),
    )
)
_RENAME_VERSIONS = Statement(
    update(model_version)
    .where(model_version.c.registered_id == bindparam("id"))
    .values(name=bindparam("new_name"), updated_ms=bindparam("new_updated_ms"))
)
_COUNT_UP = Statement(
    update(registered_model)
    .where(_ITSELF)
    .values(last_version=registered_model.c.last_version + 1, updated_ms=bindparam("new_updated_ms"))
)
_LAST_VERSION = Statement(select(registered_model.c.last_version).where(_ITSELF))
_DELETE = [
    Statement(delete(table).where(table.c.registered_id == bindparam("id")))
    for table in (model_alias, registered_model_tag, registered_model)
]
_SET_TAG = Statement(
    insert(registered_model_tag)
    .values({column.name: bindparam(column.name) for column in registered_model_tag.c})
    .on_conflict_do_update(
        index_elements=["registered_id", "key"], set_={"value": insert(registered_model_tag).excluded.value}
    )
)
_DELETE_TAG = Statement(
    delete(registered_model_tag).where(
        registered_model_tag.c.registered_id == bindparam("id"),
        registered_model_tag.c.key == bindparam("tag_key"),
    )
)
_TAGS = Statement(
    select(registered_model_tag.c.registered_id, registered_model_tag.c.key, registered_model_tag.c.value)
    .where(AnyOf(registered_model_tag.c.registered_id, "ids"))
    .order_by(registered_model_tag.c.registered_id, registered_model_tag.c.key)
)
_SET_ALIAS = Statement(
    insert(model_alias)
    .values({column.name: bindparam(column.name) for column in model_alias.c})
    .on_conflict_do_update(
        index_elements=["registered_id", "alias"], set_={"version": insert(model_alias).excluded.version}
    )
)
_DELETE_ALIAS = Statement(
    delete(model_alias).where(
        model_alias.c.registered_id == bindparam("id"), model_alias.c.alias == bindparam("name")
    )
)
_ALIASES = Statement(
    select(model_alias.c.registered_id, model_alias.c.alias, model_alias.c.version)
    .where(AnyOf(model_alias.c.registered_id, "ids"))
    .order_by(model_alias.c.registered_id, model_alias.c.alias)
)


def find(transaction: Transaction, name: str) -> RegisteredRow | None:
    """The model with a name."""
    row = transaction.row(_BY_NAME, {"name": name})
    return None if row is None else RegisteredRow(*row)


def find_all(transaction: Transaction, names: Sequence[str]) -> list[RegisteredRow]:
    """The models with some names; unknown names are passed over."""
    given = {"names": as_list(transaction.dialect, names)}
    return [RegisteredRow(*row) for row in transaction.rows(_BY_NAMES, given)]


def get(transaction: Transaction, name: str) -> RegisteredRow:
    """The model with a name.

    Raises:
        NotFound: No such model.
    """
    row = find(transaction, name)
    if row is None:
        raise NotFound(f"No registered model is named {name[:200]!r}.")
    return row


def get_by_id(transaction: Transaction, registered_id: int) -> RegisteredRow:
    """The model with an id, whatever it is called now.

    Raises:
        NotFound: It is deleted.
    """
    row = transaction.row(_BY_ID, {"id": registered_id})
    if row is None:
        raise NotFound("The registered model is deleted.")
    return RegisteredRow(*row)


def add(transaction: Transaction, row: RegisteredRow) -> None:
    """Keep a new model.

    Raises:
        AlreadyExists: The name is taken.
    """
    if not transaction.run(_INSERT, row._asdict()):
        raise AlreadyExists(f"A registered model named {row.name!r} exists already.")


def save(transaction: Transaction, row: RegisteredRow) -> None:
    """Write back a model's description, whether it is a prompt, and when it was changed."""
    transaction.run(
        _SAVE,
        {
            "id": row.registered_id,
            "new_name": row.name,
            "new_description": row.description,
            "new_is_prompt": row.is_prompt,
            "new_updated_ms": row.updated_ms,
        },
    )


def rename(transaction: Transaction, row: RegisteredRow) -> None:
    """Give a model, and its versions, another name.

    Raises:
        AlreadyExists: The name is taken.
    """
    taken = find(transaction, row.name)
    if taken is not None and taken.registered_id != row.registered_id:
        raise AlreadyExists(f"A registered model named {row.name!r} exists already.")
    save(transaction, row)
    transaction.run(
        _RENAME_VERSIONS,
        {"id": row.registered_id, "new_name": row.name, "new_updated_ms": row.updated_ms},
    )


def next_version(transaction: Transaction, row: RegisteredRow, now_ms: int) -> int:
    """A number that no version of the model has had; two writers wait for each other here."""
    transaction.run(_COUNT_UP, {"id": row.registered_id, "new_updated_ms": now_ms})
    (number,) = transaction.rows(_LAST_VERSION, {"id": row.registered_id})[0]
    return int(number)


def remove(transaction: Transaction, row: RegisteredRow) -> None:
    """Delete a model with its versions; its history stays."""
    model_versions.remove_all(transaction, row.registered_id)
    for statement in _DELETE:
        transaction.run(statement, {"id": row.registered_id})


def set_tags(transaction: Transaction, row: RegisteredRow, tags: Mapping[str, str]) -> None:
    """Set some tags of a model."""
    transaction.run_many(
        _SET_TAG,
        [{"registered_id": row.registered_id, "key": key, "value": value} for key, value in tags.items()],
    )


def delete_tag(transaction: Transaction, row: RegisteredRow, key: str) -> bool:
    """Delete one tag of a model; returns whether it was there."""
    return transaction.run(_DELETE_TAG, {"id": row.registered_id, "tag_key": key}) > 0


def tags_of(transaction: Transaction, registered_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of models, sorted by key."""
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    given = {"ids": as_list(transaction.dialect, registered_ids)}
    for registered_id, key, value in transaction.rows(_TAGS, given):
        found[registered_id].append(Tag(key, value))
    return found


def set_alias(transaction: Transaction, row: RegisteredRow, alias: str, version: int) -> None:
    """Let an alias point at a version."""
    transaction.run(_SET_ALIAS, {"registered_id": row.registered_id, "alias": alias, "version": version})


def delete_alias(transaction: Transaction, row: RegisteredRow, alias: str) -> bool:
    """Delete an alias; returns whether it was there."""
    return transaction.run(_DELETE_ALIAS, {"id": row.registered_id, "name": alias}) > 0


def aliases_of(transaction: Transaction, registered_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The aliases of models with the versions that they point at, sorted."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    given = {"ids": as_list(transaction.dialect, registered_ids)}
    for registered_id, alias, version in transaction.rows(_ALIASES, given):
        found[registered_id][alias] = version
    return found


def as_entities(transaction: Transaction, rows: Sequence[RegisteredRow]) -> tuple[RegisteredModel, ...]:
    """Rows as models with their tags, their aliases and the newest version of each stage."""
    ids = [row.registered_id for row in rows]
    tags, aliases = tags_of(transaction, ids), aliases_of(transaction, ids)
    newest = model_versions.latest(transaction, ids)
    versions = model_versions.as_entities(transaction, newest)
    by_model = defaultdict(list)
    for found, version in zip(newest, versions, strict=True):
        by_model[found.registered_id].append(version)
    return tuple(
        RegisteredModel(
            name=row.name,
            creation_timestamp=row.created_ms,
            last_updated_timestamp=row.updated_ms,
            user_id=known(row.created_by),
            description=row.description,
            latest_versions=tuple(by_model[row.registered_id]),
            tags=tuple(tags.get(row.registered_id, ())),
            aliases=tuple(
                RegisteredModelAlias(alias=alias, version=str(version))
                for alias, version in aliases.get(row.registered_id, {}).items()
            ),
        )
        for row in rows
    )
