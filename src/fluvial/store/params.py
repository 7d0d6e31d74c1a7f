"""Params and tags of runs in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.store import keys
from fluvial.store.database import Transaction
from fluvial.store.keys import Kind
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import param, tag
from fluvial.store.texts import RUN_TEXTS

_ROW: dict[str, BindParameter[Any]] = {
    name: bindparam(name) for name in ("experiment_id", "run_key", "key_id", "value")
}
_PRIMARY = ["experiment_id", "run_key", "key_id"]
_INSERT_PARAM = Statement(insert(param).values(_ROW).on_conflict_do_nothing())
_PARAMS = Statement(
    select(param.c.key_id, param.c.value).where(
        param.c.experiment_id == bindparam("e"),
        param.c.run_key == bindparam("r"),
        AnyOf(param.c.key_id, "keys"),
    )
)
_UPSERT_TAG = Statement(
    insert(tag)
    .values(_ROW)
    .on_conflict_do_update(index_elements=_PRIMARY, set_={"value": insert(tag).excluded.value})
)
_DELETE_TAG = Statement(
    delete(tag).where(
        tag.c.experiment_id == bindparam("e"),
        tag.c.run_key == bindparam("r"),
        tag.c.key_id == bindparam("k"),
    )
)
_TAG = Statement(
    select(tag.c.value).where(
        tag.c.experiment_id == bindparam("e"),
        tag.c.run_key == bindparam("r"),
        tag.c.key_id == bindparam("k"),
    )
)


def add(transaction: Transaction, run: RunRow, params: Mapping[str, str]) -> dict[str, str]:
    """Add params where they are new; returns those that have another value already, with that value."""
    ids = keys.intern(transaction, run.experiment_id, Kind.PARAM, params)
    transaction.changed_runs.add((run.experiment_id, run.run_key))
    RUN_TEXTS.touch(transaction, run.experiment_id, run.run_key)
    transaction.run_many(
        _INSERT_PARAM,
        [
            {"experiment_id": run.experiment_id, "run_key": run.run_key, "key_id": ids[name], "value": value}
            for name, value in sorted(params.items())
        ],
    )
    given = {
        "e": run.experiment_id,
        "r": run.run_key,
        "keys": as_list(transaction.dialect, list(ids.values())),
    }
    kept: dict[int, str] = dict(transaction.rows(_PARAMS, given))
    return {name: kept[ids[name]] for name, value in params.items() if kept[ids[name]] != value}


def set_tags(transaction: Transaction, run: RunRow, tags: Mapping[str, str]) -> None:
    """Set tags of a run."""
    ids = keys.intern(transaction, run.experiment_id, Kind.TAG, tags)
    transaction.changed_runs.add((run.experiment_id, run.run_key))
    RUN_TEXTS.touch(transaction, run.experiment_id, run.run_key)
    transaction.run_many(
        _UPSERT_TAG,
        [
            {"experiment_id": run.experiment_id, "run_key": run.run_key, "key_id": ids[name], "value": value}
            for name, value in sorted(tags.items())
        ],
    )


def delete_tag(transaction: Transaction, run: RunRow, name: str) -> bool:
    """Delete a tag of a run; returns whether it was there."""
    transaction.changed_runs.add((run.experiment_id, run.run_key))
    RUN_TEXTS.touch(transaction, run.experiment_id, run.run_key)
    return transaction.run(_DELETE_TAG, _one(transaction, run, name)) > 0


def find_tag(transaction: Transaction, run: RunRow, name: str) -> str | None:
    """The value of a tag of a run."""
    row = transaction.row(_TAG, _one(transaction, run, name))
    return None if row is None else str(row[0])


def _one(transaction: Transaction, run: RunRow, name: str) -> dict[str, int]:
    key_id = keys.find_ids(transaction.database, [name])[name]
    return {"e": run.experiment_id, "r": run.run_key, "k": key_id}
