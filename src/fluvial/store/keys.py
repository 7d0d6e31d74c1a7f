"""Interned names: a param, metric or tag key is an integer in every other table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import InternalError
from fluvial.store.database import Database, Transaction
from fluvial.store.ids import hashed_id
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment_key, key

MAX_KNOWN = 1_000_000


class Kind(IntEnum):
    """What a key names; its value is what the table `experiment_key` holds."""

    PARAM = 0
    METRIC = 1
    TAG = 2


_INSERT = Statement(
    insert(key)
    .values(key_id=bindparam("key_id"), name=bindparam("name"))
    .on_conflict_do_nothing(index_elements=["key_id"])
)
_NAME = Statement(select(key.c.name).where(key.c.key_id == bindparam("key_id")))
_NAMES = Statement(select(key.c.key_id, key.c.name).where(AnyOf(key.c.key_id, "ids")))
_INSERT_COLUMN = Statement(
    insert(experiment_key)
    .values({column.name: bindparam(column.name) for column in experiment_key.c})
    .on_conflict_do_nothing()
)
_COLUMNS = Statement(
    select(experiment_key.c.kind, key.c.name)
    .join(key, key.c.key_id == experiment_key.c.key_id)
    .where(AnyOf(experiment_key.c.experiment_id, "ids"))
    .distinct()
    .order_by(experiment_key.c.kind, key.c.name)
)


def intern(transaction: Transaction, experiment_id: int, kind: Kind, names: Iterable[str]) -> dict[str, int]:
    """The ids of names, which are added where they are new, also as columns of the experiment.

    An id is a hash of its name, so that every process knows it without asking.
    """
    database = transaction.database
    ids = find_ids(database, names)
    new_names = {name: ids[name] for name in sorted(ids) if name not in database.known_keys}
    for name, key_id in new_names.items():
        transaction.run(_INSERT, {"key_id": key_id, "name": name})
        if transaction.row(_NAME, {"key_id": key_id}) != (name,):
            raise InternalError(f"The key {name!r} shares its hash with another key.")
    columns = {(experiment_id, int(kind), key_id) for key_id in ids.values()}
    new_columns = columns - database.known_columns
    for _, _, key_id in sorted(new_columns):
        transaction.run(_INSERT_COLUMN, {"experiment_id": experiment_id, "kind": kind, "key_id": key_id})
    if new_names or new_columns:
        transaction.after_commit(lambda: _remember(database, new_names, new_columns))
    return ids


def find_ids(database: Database, names: Iterable[str]) -> dict[str, int]:
    """The ids that names have, or would have."""
    known = database.known_keys
    return {name: known.get(name) or hashed_id(name) for name in names}


def names_of(transaction: Transaction, key_ids: Collection[int]) -> dict[int, str]:
    """The names of keys. Most are known from before: a key's name never changes."""
    database = transaction.database
    known = database.known_names
    found = {key_id: known[key_id] for key_id in key_ids if key_id in known}
    unknown = [key_id for key_id in key_ids if key_id not in found]
    if unknown:
        read: dict[int, str] = dict(transaction.rows(_NAMES, {"ids": as_list(transaction.dialect, unknown)}))
        found |= read
        if len(known) + len(read) > MAX_KNOWN:
            known.clear()
        known.update(read)
    return found


def columns_of(transaction: Transaction, experiment_ids: Sequence[int]) -> dict[Kind, tuple[str, ...]]:
    """The names that runs of some experiments have, sorted."""
    found: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for kind, name in transaction.rows(_COLUMNS, {"ids": as_list(transaction.dialect, experiment_ids)}):
        found[Kind(kind)].append(name)
    return {kind: tuple(names) for kind, names in found.items()}


def _remember(database: Database, names: dict[str, int], columns: set[tuple[int, int, int]]) -> None:
    if len(database.known_keys) + len(names) > MAX_KNOWN:
        database.known_keys.clear()
    if len(database.known_columns) + len(columns) > MAX_KNOWN:
        database.known_columns.clear()
    database.known_keys.update(names)
    database.known_columns.update(columns)
