"""Writing checkpoints of the columns in memory, a transaction for each column."""

from __future__ import annotations

from collections.abc import Sequence

from fluvial.store.columns import checkpoints
from fluvial.store.columns.cache import cache_of
from fluvial.store.columns.checkpoints import Rewrite
from fluvial.store.columns.table import Table
from fluvial.store.database import Database, Transaction


def has_something_to_keep(database: Database) -> bool:
    """Whether a column in memory has no checkpoint, or one that is far behind."""
    return any(database.read(lambda transaction: _is_due(transaction, table)) for table in _large(database))  # noqa: B023


def keep_columns(database: Database) -> int:
    """Bring all checkpoints of columns in memory up to date; returns how many columns were written."""
    n_written = 0
    for table in _large(database):
        experiment_id = table.experiment_id
        if database.read(lambda transaction: checkpoints.is_of_another_server(transaction, experiment_id)):  # noqa: B023
            database.write(lambda transaction: checkpoints.begin_anew(transaction, experiment_id))  # noqa: B023
        for rewrite in database.read(lambda transaction: _rewrites(transaction, experiment_id, table)):  # noqa: B023
            database.write(lambda transaction: checkpoints.write(transaction, experiment_id, rewrite))  # noqa: B023
            n_written += 1
    return n_written


def _large(database: Database) -> Sequence[Table]:
    return [table for table in database.kept_columns().values() if len(table) >= checkpoints.FROM_RUNS]


def _is_due(transaction: Transaction, table: Table) -> bool:
    return checkpoints.is_behind(transaction, table) or checkpoints.is_of_another_server(
        transaction, table.experiment_id
    )


def _rewrites(transaction: Transaction, experiment_id: int, table: Table) -> list[Rewrite]:
    now = cache_of(transaction.database).table(transaction, experiment_id, table.columns)
    return checkpoints.rewrites(transaction, now)
