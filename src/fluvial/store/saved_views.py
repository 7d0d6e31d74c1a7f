"""Named views of experiments in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import AlreadyExists, Conflict, NotFound
from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment, saved_view
from fluvial.wire.saved_views import SavedView


class ViewRow(NamedTuple):
    """A row of the table, its columns in order."""

    experiment_id: int
    view_id: str
    name: str
    state: str
    state_version: int
    version: int
    is_default: int
    deleted_ms: int
    created_ms: int
    created_by: str
    updated_ms: int
    updated_by: str


_COLUMNS = tuple(saved_view.c)
_OF_EXPERIMENT = saved_view.c.experiment_id == bindparam("e")
_ONE = Statement(select(*_COLUMNS).where(_OF_EXPERIMENT, saved_view.c.view_id == bindparam("id")))
_BY_NAME = Statement(
    select(*_COLUMNS).where(
        _OF_EXPERIMENT, saved_view.c.name == bindparam("name"), saved_view.c.deleted_ms == 0
    )
)
_ALL = Statement(
    select(*_COLUMNS).where(_OF_EXPERIMENT, saved_view.c.deleted_ms == 0).order_by(saved_view.c.name)
)
_INSERT = Statement(
    insert(saved_view)
    .values({column.name: bindparam(column.name) for column in _COLUMNS})
    .on_conflict_do_nothing()
)
_CHANGED = ("name", "state", "state_version", "is_default", "deleted_ms", "updated_ms", "updated_by")
_UPDATE = Statement(
    update(saved_view)
    .where(_OF_EXPERIMENT, saved_view.c.view_id == bindparam("id"), saved_view.c.version == bindparam("read"))
    .values({"version": saved_view.c.version + 1, **{name: bindparam(f"new_{name}") for name in _CHANGED}})
)
_NO_DEFAULT = Statement(
    update(saved_view).where(_OF_EXPERIMENT, saved_view.c.is_default == 1).values(is_default=0)
)


def find_all(transaction: Transaction, experiment_id: int) -> list[ViewRow]:
    """The views of an experiment that are not deleted, by name."""
    return [ViewRow(*row) for row in transaction.rows(_ALL, {"e": experiment_id})]


def get(transaction: Transaction, experiment_id: int, view_id: str) -> ViewRow:
    """One view, deleted or not.

    Raises:
        NotFound: The experiment has no such view.
    """
    row = transaction.row(_ONE, {"e": experiment_id, "id": view_id})
    if row is None:
        raise NotFound(f"The experiment {experiment_id} has no view with the id {view_id!r}.")
    return ViewRow(*row)


def add(transaction: Transaction, row: ViewRow) -> None:
    """Keep a new view.

    Raises:
        AlreadyExists: Another view of the experiment has the name.
    """
    _check_free(transaction, row)
    if row.is_default:
        transaction.run(_NO_DEFAULT, {"e": row.experiment_id})
    transaction.run(_INSERT, row._asdict())


def change(transaction: Transaction, row: ViewRow) -> ViewRow:
    """Keep a view as it is now; `version` is the one that was read. Returns it with the next.

    Raises:
        AlreadyExists: Another view of the experiment has the name.
        Conflict: Somebody changed it meanwhile.
    """
    if not row.deleted_ms:
        _check_free(transaction, row)
    if row.is_default:
        transaction.run(_NO_DEFAULT, {"e": row.experiment_id})
    given = {f"new_{name}": getattr(row, name) for name in _CHANGED}
    if not transaction.run(
        _UPDATE, {"e": row.experiment_id, "id": row.view_id, "read": row.version, **given}
    ):
        raise Conflict(f"The view {row.name!r} was changed by somebody else meanwhile: read it again.")
    return row._replace(version=row.version + 1)


def search(transaction: Transaction, text: str, limit: int) -> list[tuple[str, str, int, str]]:
    """(id, name, experiment id, its name) of views whose name holds a text, in any case."""
    found = transaction.select(
        select(saved_view.c.view_id, saved_view.c.name, experiment.c.experiment_id, experiment.c.name)
        .join(experiment, experiment.c.experiment_id == saved_view.c.experiment_id)
        .where(
            saved_view.c.deleted_ms == 0,
            experiment.c.is_deleted == 0,
            saved_view.c.name.icontains(text, autoescape=True),
        )
        .order_by(saved_view.c.name, saved_view.c.view_id)
        .limit(limit)
    )
    return [(view_id, name, experiment_id, owner) for view_id, name, experiment_id, owner in found]


def as_entities(rows: Sequence[ViewRow]) -> tuple[SavedView, ...]:
    """Rows as views."""
    return tuple(
        SavedView(
            view_id=row.view_id,
            experiment_id=str(row.experiment_id),
            name=row.name,
            state=json.loads(row.state),
            state_version=row.state_version,
            version=row.version,
            is_default=bool(row.is_default),
            creation_time=row.created_ms,
            created_by=row.created_by,
            last_update_time=row.updated_ms,
            last_updated_by=row.updated_by,
        )
        for row in rows
    )


def _check_free(transaction: Transaction, row: ViewRow) -> None:
    taken = transaction.row(_BY_NAME, {"e": row.experiment_id, "name": row.name})
    if taken is not None and ViewRow(*taken).view_id != row.view_id:
        raise AlreadyExists(f"The experiment has a view named {row.name!r} already.")
