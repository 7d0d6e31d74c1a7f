"""Which runs have changed: what lets a server keep columns of runs in memory that are never out of date.

Every transaction that changes rows of a run gives the run a new change number as the last thing that it
does. Whoever has read a state of the database reads later the runs with a number from `next_number` of that
state on, and misses nothing:

- SQLite has one writer at a time: the number is one more than the greatest of the experiment.
- On PostgreSQL it is the id of the transaction, because transactions do not commit in the order in which
  they begin. Those below the least id that was under way when a state was read are all part of it.

A row is never deleted, so that no number is given twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import run, run_change


class _NewNumber(ColumnElement[int]):
    """The number of a change in the experiment `:experiment_id`, made in this transaction."""

    inherit_cache = False
    type = BigInteger()


class _NextNumber(ColumnElement[int]):
    """The least number that a change after this state of the database may have."""

    inherit_cache = False
    type = BigInteger()


class _NewestNumber(ColumnElement[int]):
    """A number that no change in this state of the database is above."""

    inherit_cache = False
    type = BigInteger()


@compiles(_NewestNumber, "sqlite")
@compiles(_NewNumber, "sqlite")
@compiles(_NextNumber, "sqlite")
def _sqlite(element: object, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    greatest = "SELECT coalesce(max(change), 0) + 1 FROM run_change WHERE experiment_id = :experiment_id"
    return f"({greatest})"


@compiles(_NewNumber, "postgresql")
def _new_in_postgresql(element: object, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "pg_current_xact_id()::text::bigint"


@compiles(_NewestNumber, "postgresql")
def _newest_in_postgresql(element: object, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


@compiles(_NextNumber, "postgresql")
def _next_in_postgresql(element: object, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


_TO_NEW_NUMBER: dict[str, Any] = {
    "index_elements": ["experiment_id", "run_key"],
    "set_": {"change": insert(run_change).excluded.change},
}
_RECORD = Statement(
    insert(run_change)
    .values(experiment_id=bindparam("experiment_id"), run_key=bindparam("run_key"), change=_NewNumber())
    .on_conflict_do_update(**_TO_NEW_NUMBER)
)
_RECORD_ALL = Statement(
    insert(run_change)
    .from_select(
        ["experiment_id", "run_key", "change"],
        select(run.c.experiment_id, run.c.run_key, _NewNumber()).where(
            run.c.experiment_id == bindparam("experiment_id")
        ),
    )
    .on_conflict_do_update(**_TO_NEW_NUMBER)
)
_SINCE = Statement(
    select(run_change.c.run_key, run_change.c.change).where(
        run_change.c.experiment_id == bindparam("experiment_id"), run_change.c.change >= bindparam("since")
    )
)
_NEWEST = Statement(select(_NewestNumber()))
_NEXT = Statement(select(_NextNumber()))


class Change(NamedTuple):
    """The last change of a run."""

    run_key: int
    number: int


def record(transaction: Transaction) -> None:
    """Number the changes of a transaction; it may change nothing after that.

    In one order, so that no two transactions wait for each other.
    """
    transaction.run_many(
        _RECORD,
        [
            {"experiment_id": experiment_id, "run_key": run_key}
            for experiment_id, run_key in sorted(transaction.changed_runs)
        ],
    )


def record_all(transaction: Transaction, experiment_id: int) -> None:
    """Number a change of all runs of an experiment at once."""
    transaction.run(_RECORD_ALL, {"experiment_id": experiment_id})


def since(transaction: Transaction, experiment_id: int, number: int) -> list[Change]:
    """The runs that have a number from `number` on."""
    given = {"experiment_id": experiment_id, "since": number}
    return [Change(*row) for row in transaction.rows(_SINCE, given)]


def newest_number(transaction: Transaction, experiment_id: int) -> int:
    """The greatest number that a change may have in the state that this transaction sees."""
    return int(transaction.rows(_NEWEST, {"experiment_id": experiment_id})[0][0])


def next_number(transaction: Transaction, experiment_id: int) -> int:
    """From which number on to read what is not in the state that this transaction sees."""
    return int(transaction.rows(_NEXT, {"experiment_id": experiment_id})[0][0])
