"""Experiments in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.experiment import Experiment, LifecycleStage
from fluvial.entities.tag import Tag
from fluvial.errors import AlreadyExists, NotFound
from fluvial.store import run_changes
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment, experiment_tag, run
from fluvial.store.texts import EXPERIMENT_TEXTS

WORKSPACE = "default"
# Runs that start within so little time of each other write the time of their experiment once.
ACTIVITY_STEP_MS = 10_000


class ExperimentRow(NamedTuple):
    """A row of the table, its columns in order."""

    experiment_id: int
    name: str
    artifact_location: str
    is_deleted: int
    created_ms: int
    updated_ms: int
    active_ms: int


COLUMNS = tuple(experiment.c)
_BY_ID = Statement(select(*COLUMNS).where(experiment.c.experiment_id == bindparam("experiment_id")))
_BY_NAME = Statement(select(*COLUMNS).where(experiment.c.name == bindparam("name")))
_NEXT_ID = Statement(select(func.coalesce(func.max(experiment.c.experiment_id), 0) + 1))
_INSERT = Statement(
    insert(experiment)
    .values({column.name: bindparam(column.name) for column in COLUMNS})
    .on_conflict_do_nothing()
)
_RENAME = Statement(
    update(experiment)
    .where(experiment.c.experiment_id == bindparam("id"))
    .values(name=bindparam("name"), updated_ms=bindparam("now"), active_ms=bindparam("now"))
)
_MARK = Statement(
    update(experiment)
    .where(experiment.c.experiment_id == bindparam("id"))
    .values(is_deleted=bindparam("is_deleted"), updated_ms=bindparam("now"), active_ms=bindparam("now"))
)
_ACTIVE = Statement(
    update(experiment)
    .where(experiment.c.experiment_id == bindparam("id"), experiment.c.active_ms < bindparam("now"))
    .values(active_ms=bindparam("now"))
)
_MARK_RUNS = Statement(
    update(run).where(run.c.experiment_id == bindparam("id")).values(is_deleted=bindparam("is_deleted"))
)
_SET_TAG = Statement(
    insert(experiment_tag)
    .values(experiment_id=bindparam("experiment_id"), key=bindparam("key"), value=bindparam("value"))
    .on_conflict_do_update(
        index_elements=["experiment_id", "key"], set_={"value": insert(experiment_tag).excluded.value}
    )
)
_DELETE_TAG = Statement(
    delete(experiment_tag).where(
        experiment_tag.c.experiment_id == bindparam("id"), experiment_tag.c.key == bindparam("name")
    )
)
_TAGS = Statement(
    select(experiment_tag.c.experiment_id, experiment_tag.c.key, experiment_tag.c.value)
    .where(AnyOf(experiment_tag.c.experiment_id, "ids"))
    .order_by(experiment_tag.c.experiment_id, experiment_tag.c.key)
)
_ACTIVE_IDS = Statement(select(experiment.c.experiment_id).where(experiment.c.is_deleted == 0))
_NAMES = Statement(
    select(experiment.c.experiment_id, experiment.c.name).where(AnyOf(experiment.c.experiment_id, "ids"))
)
_RUN_COUNTS = Statement(
    select(run.c.experiment_id, run.c.status, func.count(), func.max(run.c.start_ms))
    .where(AnyOf(run.c.experiment_id, "ids"), run.c.is_deleted == 0)
    .group_by(run.c.experiment_id, run.c.status)
)


def find(transaction: Transaction, experiment_id: int) -> ExperimentRow | None:
    """The experiment with an id, deleted or not."""
    row = transaction.row(_BY_ID, {"experiment_id": experiment_id})
    return None if row is None else ExperimentRow(*row)


def get(transaction: Transaction, experiment_id: int) -> ExperimentRow:
    """The experiment with an id, deleted or not.

    Raises:
        NotFound: No such experiment.
    """
    row = find(transaction, experiment_id)
    if row is None:
        raise NotFound(f"No experiment has the id {experiment_id}.")
    return row


def find_by_name(transaction: Transaction, name: str) -> ExperimentRow | None:
    """The experiment with a name, deleted or not."""
    row = transaction.row(_BY_NAME, {"name": name})
    return None if row is None else ExperimentRow(*row)


def active_ids(transaction: Transaction) -> list[int]:
    """The ids of all experiments that are not in the trash."""
    return [experiment_id for (experiment_id,) in transaction.rows(_ACTIVE_IDS)]


def names(transaction: Transaction, experiment_ids: Sequence[int]) -> dict[int, str]:
    """The names of some experiments by their ids."""
    ids = as_list(transaction.dialect, list(set(experiment_ids)))
    return dict(transaction.rows(_NAMES, {"ids": ids}))


def create(
    transaction: Transaction,
    name: str,
    locate: Callable[[int], str],
    now_ms: int,
    experiment_id: int | None = None,
) -> ExperimentRow:
    """Create an experiment, under the next free id where none is given.

    Args:
        transaction: Where.
        name: Its name.
        locate: Says where the artifacts of the experiment with an id are kept.
        now_ms: The time, ms since the epoch.
        experiment_id: Its id.

    Raises:
        AlreadyExists: The name is taken, perhaps by a deleted experiment.
    """
    while True:
        taken = find_by_name(transaction, name)
        if taken is not None:
            where = " in the trash: restore it or purge it" if taken.is_deleted else ""
            raise AlreadyExists(f"An experiment named {name!r} exists already{where}.")
        new_id = experiment_id
        if new_id is None:
            (new_id,) = transaction.rows(_NEXT_ID)[0]
        row = ExperimentRow(new_id, name, locate(new_id), 0, now_ms, now_ms, now_ms)
        if transaction.run(_INSERT, row._asdict()) or experiment_id is not None:
            EXPERIMENT_TEXTS.touch(transaction, new_id)
            return row


def find_or_create(
    transaction: Transaction, name: str, locate: Callable[[int], str], now_ms: int
) -> ExperimentRow:
    """The experiment with a name, deleted or not, created where there is none; see `create`."""
    try:
        return find_by_name(transaction, name) or create(transaction, name, locate, now_ms)
    except AlreadyExists:  # another writer created it between the two
        return find_or_create(transaction, name, locate, now_ms)


def rename(transaction: Transaction, experiment_id: int, name: str, now_ms: int) -> None:
    """Give an experiment another name.

    Raises:
        AlreadyExists: The name is taken by another experiment.
    """
    taken = find_by_name(transaction, name)
    if taken is not None and taken.experiment_id != experiment_id:
        raise AlreadyExists(f"An experiment named {name!r} exists already.")
    EXPERIMENT_TEXTS.touch(transaction, experiment_id)
    transaction.run(_RENAME, {"id": experiment_id, "name": name, "now": now_ms})


def record_activity(transaction: Transaction, row: ExperimentRow, now_ms: int) -> None:
    """Keep that a run has started in an experiment, exact to `ACTIVITY_STEP_MS`."""
    if now_ms - row.active_ms >= ACTIVITY_STEP_MS:
        transaction.run(_ACTIVE, {"id": row.experiment_id, "now": now_ms})


def mark(transaction: Transaction, experiment_id: int, *, is_deleted: bool, now_ms: int) -> None:
    """Put an experiment with all its runs into the trash, or take them out."""
    transaction.run(_MARK, {"id": experiment_id, "is_deleted": int(is_deleted), "now": now_ms})
    transaction.run(_MARK_RUNS, {"id": experiment_id, "is_deleted": int(is_deleted)})
    run_changes.record_all(transaction, experiment_id)


def set_tag(transaction: Transaction, experiment_id: int, key: str, value: str) -> None:
    """Set one tag."""
    EXPERIMENT_TEXTS.touch(transaction, experiment_id)
    transaction.run(_SET_TAG, {"experiment_id": experiment_id, "key": key, "value": value})


def delete_tag(transaction: Transaction, experiment_id: int, key: str) -> bool:
    """Delete one tag; returns whether it was there."""
    EXPERIMENT_TEXTS.touch(transaction, experiment_id)
    return transaction.run(_DELETE_TAG, {"id": experiment_id, "name": key}) > 0


def as_entities(transaction: Transaction, rows: Sequence[ExperimentRow]) -> tuple[Experiment, ...]:
    """Rows as experiments with their tags."""
    tags: dict[int, list[Tag]] = {row.experiment_id: [] for row in rows}
    for experiment_id, key, value in transaction.rows(
        _TAGS, {"ids": as_list(transaction.dialect, list(tags))}
    ):
        tags[experiment_id].append(Tag(key=key, value=value))
    return tuple(
        Experiment(
            experiment_id=str(row.experiment_id),
            name=row.name,
            artifact_location=row.artifact_location,
            lifecycle_stage=LifecycleStage.DELETED if row.is_deleted else LifecycleStage.ACTIVE,
            last_update_time=row.updated_ms,
            creation_time=row.created_ms,
            workspace=WORKSPACE,
            tags=tuple(tags[row.experiment_id]),
        )
        for row in rows
    )


def run_counts(
    transaction: Transaction, experiment_ids: Sequence[int]
) -> dict[int, list[tuple[int, int, int]]]:
    """Per experiment, (status number, runs, newest start in ms) of runs that are not deleted."""
    counts: dict[int, list[tuple[int, int, int]]] = {}
    ids = as_list(transaction.dialect, list(experiment_ids))
    for experiment_id, status, n, newest in transaction.rows(_RUN_COUNTS, {"ids": ids}):
        counts.setdefault(experiment_id, []).append((status, n, newest))
    return counts
