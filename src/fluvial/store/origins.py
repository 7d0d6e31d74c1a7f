"""Which run's history a run goes on with, and up to which step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import run_origin

_INSERT = Statement(
    insert(run_origin).values({column.name: bindparam(column.name) for column in run_origin.c})
)
_FIND = Statement(
    select(run_origin.c.origin_experiment_id, run_origin.c.origin_key, run_origin.c.step).where(
        run_origin.c.experiment_id == bindparam("e"), run_origin.c.run_key == bindparam("r")
    )
)
_FORKED = Statement(
    select(run_origin.c.run_key).where(
        run_origin.c.experiment_id == bindparam("e"), AnyOf(run_origin.c.run_key, "runs")
    )
)
_FOLLOW = Statement(
    update(run_origin)
    .where(run_origin.c.origin_experiment_id == bindparam("from"), AnyOf(run_origin.c.origin_key, "runs"))
    .values(origin_experiment_id=bindparam("to"))
)


class Stretch(NamedTuple):
    """Part of a run's history.

    Attributes:
        run: Whose rows hold it.
        until: The last step of it; none for all.
    """

    run: RunRow
    until: int | None


def add(transaction: Transaction, run: RunRow, origin: RunRow, step: int) -> None:
    """A run goes on with the history of another run, up to a step."""
    transaction.run(
        _INSERT,
        {
            "experiment_id": run.experiment_id,
            "run_key": run.run_key,
            "origin_key": origin.run_key,
            "step": step,
            "origin_experiment_id": origin.experiment_id,
        },
    )


def follow(transaction: Transaction, experiment_id: int, run_keys: Sequence[int], to: int) -> None:
    """Runs that others go on with, wherever these are, have left an experiment for another one."""
    given = {"from": experiment_id, "runs": as_list(transaction.dialect, run_keys), "to": to}
    transaction.run(_FOLLOW, given)


def forked(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> set[int]:
    """Which runs of an experiment go on with another's history."""
    given = {"e": experiment_id, "runs": as_list(transaction.dialect, run_keys)}
    return {run_key for (run_key,) in transaction.rows(_FORKED, given)}


def history(transaction: Transaction, run: RunRow) -> list[Stretch]:
    """Where the points of a run are: with the runs that it goes on with, the eldest first, then its own.

    The rows name only experiments and keys: of the others' rows nothing else is known.
    """
    stretches = [Stretch(run, None)]
    until: int | None = None
    # An origin is always older than what goes on with it: there is no circle.
    while (found := transaction.row(_FIND, {"e": run.experiment_id, "r": run.run_key})) is not None:
        run = run._replace(experiment_id=found[0], run_key=found[1])
        until = found[2] if until is None else min(until, found[2])
        stretches.append(Stretch(run, until))
    return stretches[::-1]
