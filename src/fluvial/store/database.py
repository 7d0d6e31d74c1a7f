"""A database: where transactions come from.

Work is a function of a transaction. It may be run again (after a deadlock, or when a commit that it shared
with others failed), so it must have no effect outside of the transaction but through `after_commit`.
"""

from __future__ import annotations

import abc
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar

from sqlalchemy import Dialect, column, select, table
from sqlalchemy.sql import ClauseElement

from fluvial.store.following import Correspondent, Following
from fluvial.store.ids import TimeOrderedIds
from fluvial.store.statement import Parameters, Statement, compile_once

if TYPE_CHECKING:
    from fluvial.store.columns.cache import ColumnCache
    from fluvial.store.columns.table import Table

T = TypeVar("T")

VERSION_TABLE = "fluvial_version"
_VERSION = Statement(select(column("version_num")).select_from(table(VERSION_TABLE)))

# A write that has waited so long is not begun: its caller has given up, or is about to.
QUEUED_LIMIT_S = 30.0
# A call that reads takes no longer.
READ_LIMIT_S = 60.0
BEHIND = "The server is behind with what it has to write: send this again later."
Row = tuple[Any, ...]


# With fewer runs the database finds them as fast, and nothing has to be loaded before.
COLUMNS_FROM_RUNS = 2000
# How much memory the columns of runs may take where nothing else is said.
COLUMNS_LIMIT_BYTES = 512 * 1024**2


class StateTooOld(Exception):
    """Raised by work that reads: it has to begin again, from a later state of the database."""


class Cursor(Protocol):
    """The part of a driver's cursor that is used here."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        ...

    def execute(self, sql: Any, parameters: Any = ..., /) -> Any:
        """Run a statement."""
        ...

    def executemany(self, sql: Any, parameters: Any, /) -> Any:
        """Run a statement once for each set of parameters."""
        ...

    def fetchall(self) -> list[Row]:
        """All rows."""
        ...

    def fetchone(self) -> Row | None:
        """The next row."""
        ...


class Transaction:
    """One transaction; used by one thread.

    Attributes:
        database: Where it came from.
        kept_columns: Of a transaction that reads: columns of runs that were in memory before it began.
        reads_only: Whether it is one that reads.
        changed_runs: Experiment id and run key of every run of which it changes rows that are searched.
    """

    def __init__(
        self, database: Database, cursor: Cursor, kept_columns: Mapping[int, Table] | None = None
    ) -> None:
        self.database = database
        self.kept_columns = kept_columns or {}
        self.reads_only = kept_columns is not None
        self._cursor = cursor
        self._callbacks: list[Callable[[], None]] = []
        self.changed_runs: set[tuple[int, int]] = set()
        self._last_steps: dict[tuple[LastStep, tuple[int, ...]], None] = {}

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect that it speaks."""
        return self.database.dialect

    @property
    def dialect_name(self) -> Literal["sqlite", "postgresql"]:
        """The name of that dialect."""
        return "sqlite" if self.dialect.name == "sqlite" else "postgresql"

    def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """All rows that a statement gives."""
        sql = statement.text(self.dialect)
        self._cursor.execute(sql, statement.parameters(parameters))
        return self._cursor.fetchall()

    def row(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """The first row that a statement gives."""
        sql = statement.text(self.dialect)
        self._cursor.execute(sql, statement.parameters(parameters))
        return self._cursor.fetchone()

    def run(self, statement: Statement, parameters: Parameters | None = None) -> int:
        """Run a statement; returns how many rows it changed."""
        sql = statement.text(self.dialect)
        self._cursor.execute(sql, statement.parameters(parameters))
        return self._cursor.rowcount

    def run_many(self, statement: Statement, parameters: Sequence[Parameters]) -> None:
        """Run a statement once for each set of parameters."""
        if len(parameters) == 1:
            self.run(statement, parameters[0])
        elif parameters:
            sql = statement.text(self.dialect)
            self._cursor.executemany(sql, [statement.parameters(given) for given in parameters])

    def select(self, element: ClauseElement) -> list[Row]:
        """All rows of a statement that was built for this call."""
        sql, parameters = compile_once(element, self.dialect)
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    def before_commit(self, step: LastStep, place: tuple[int, ...]) -> None:
        """Do something as the last part of the transaction; once, however often it is said."""
        self._last_steps[step, place] = None

    def finish(self) -> None:
        """Do what was left for the end; for the database, when the work is done."""
        # In one order, so that no two transactions wait for each other.
        for step, place in sorted(self._last_steps, key=lambda each: each[1]):
            step(self, place)
        self._last_steps.clear()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call something once the transaction is durable; never if it is not."""
        self._callbacks.append(callback)

    def take_callbacks(self) -> list[Callable[[], None]]:
        """What to call after the commit; for the database."""
        taken, self._callbacks = self._callbacks, []
        return taken

    def savepoint(self, work: Callable[[Transaction], T]) -> T:
        """Run a part that may fail without undoing the rest.

        Raises:
            Exception: Whatever `work` raised; its part is undone.
        """
        kept = len(self._callbacks)
        self._cursor.execute("SAVEPOINT part")
        try:
            result = work(self)
        except BaseException:
            del self._callbacks[kept:]
            self._cursor.execute("ROLLBACK TO SAVEPOINT part")
            self._cursor.execute("RELEASE SAVEPOINT part")
            raise
        self._cursor.execute("RELEASE SAVEPOINT part")
        return result


LastStep = Callable[[Transaction, tuple[int, ...]], None]


def schema_version(transaction: Transaction) -> str | None:
    """The migration that was applied last."""
    row = transaction.row(_VERSION)
    return None if row is None else str(row[0])


class DatabaseLoad(NamedTuple):
    """How busy a database is, as seen by this process.

    Attributes:
        n_queued: Writes that wait for a thread.
        n_connections: Open connections of the pool; 0 where there is none.
        n_idle: Those of them that nobody uses.
        n_waiting: Calls that wait for a connection.
    """

    n_queued: int
    n_connections: int = 0
    n_idle: int = 0
    n_waiting: int = 0


class Database(abc.ABC):
    """A database with the schema of `tables.py`.

    Attributes:
        dialect: The SQL dialect.
        known_keys: Names that are known to be in the table `key`, with their ids.
        known_names: Names of keys by their ids.
        known_columns: Rows that are known to be in the table `experiment_key`.
        ids: Makes time-ordered ids.
        columns: Columns of runs in memory, once they are first needed.
        columns_from_runs: From how many runs on an experiment is searched by its columns.
        columns_limit_bytes: How much memory they may take; with 0, there are none.
        n_points: Metric points that this process has committed.
    """

    dialect: Dialect

    def __init__(self) -> None:
        self.n_points = 0
        self._counting = threading.Lock()
        self.known_keys: dict[str, int] = {}
        self.known_names: dict[int, str] = {}
        self.known_columns: set[tuple[int, int, int]] = set()
        self.ids = TimeOrderedIds()
        self.columns: ColumnCache | None = None
        self.columns_from_runs = COLUMNS_FROM_RUNS
        self.columns_limit_bytes = COLUMNS_LIMIT_BYTES

    @abc.abstractmethod
    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run work in a transaction that writes; the future is done when it is durable."""

    @abc.abstractmethod
    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction that reads one state of the database, in this thread."""

    @abc.abstractmethod
    def close(self) -> None:
        """Finish what was submitted and let go of all connections."""

    @abc.abstractmethod
    def version(self) -> str | None:
        """The schema that the database has, found out past whatever waits for it.

        Raises:
            Unavailable: It does not answer.
        """

    @abc.abstractmethod
    def load(self) -> DatabaseLoad:
        """How busy it is at the moment."""

    @abc.abstractmethod
    def follow(self, correspondent: Correspondent) -> Following:
        """Tell somebody what other processes change, and others what this one does, until closed."""

    @abc.abstractmethod
    def now_ms(self, transaction: Transaction) -> int:
        """The time by the one clock that all processes on the database share, ms since the epoch."""

    def kept_columns(self) -> Mapping[int, Table]:
        """Columns of runs that are in memory: none is of a later state than a transaction that begins now."""
        return {} if self.columns is None else self.columns.tables

    def count_points(self, n_points: int) -> None:
        """Note that so many points are durable."""
        with self._counting:
            self.n_points += n_points

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction that writes, and wait until it is durable."""
        return self.submit(work).result()
