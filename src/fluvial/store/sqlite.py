"""SQLite: one writer thread that commits the work of many callers in one transaction.

WAL with `synchronous=NORMAL`: a killed process loses nothing. Nobody in this process ever waits for a
lock; other processes on the same file wait for each other by `busy_timeout`.
"""

from __future__ import annotations

import itertools
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from fluvial.errors import RequestError, StorageFull, Unavailable
from fluvial.search.sqlite import sqlite_functions
from fluvial.store import run_changes
from fluvial.store.database import (
    BEHIND,
    QUEUED_LIMIT_S,
    READ_LIMIT_S,
    Database,
    DatabaseLoad,
    StateTooOld,
    Transaction,
    schema_version,
)
from fluvial.store.following import Correspondent, Following
from fluvial.store.sqlite_following import SqliteFollowing

T = TypeVar("T")

BUSY_TIMEOUT_S = 60.0
GROUP_LIMIT = 512
GROUP_SECONDS = 0.01
STEPS_BETWEEN_LOOKS = 200_000  # of SQLite's machine: some milliseconds

_DATA_VERSION = text("PRAGMA data_version")


class _Job(NamedTuple):
    work: Callable[[Transaction], Any]
    future: Future[Any]
    queued_s: float

    def is_late(self) -> bool:
        """Whether it has waited for so long that nobody waits for it."""
        return time.monotonic() - self.queued_s > QUEUED_LIMIT_S


class _Done(NamedTuple):
    job: _Job
    result: Any
    callbacks: list[Callable[[], None]]


class SqliteDatabase(Database):
    """A database in one file.

    Args:
        path: The file; created where it is missing.
    """

    dialect = SQLiteDialect_pysqlite(paramstyle="named")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._readers_lock = threading.Lock()
        self._is_closed = False
        self._writer_connection = self._connect()
        self._writer = threading.Thread(target=self._write_forever, name="fluvial-writer", daemon=True)
        self._writer.start()

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run work in the writer thread; the future is done when it is durable."""
        future: Future[T] = Future()
        if self._is_closed:
            future.set_exception(Unavailable("The database is closed."))
        else:
            self._jobs.put(_Job(work, future, time.monotonic()))
        return future

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run work on this thread's own connection, on one snapshot."""
        connection = self._reader()
        while True:
            try:
                return self._read_once(work, connection)
            except StateTooOld:
                continue

    def _read_once(self, work: Callable[[Transaction], T], connection: sqlite3.Connection) -> T:
        kept_columns = self.kept_columns()
        cursor = connection.cursor()
        self._local.until_s = time.monotonic() + READ_LIMIT_S
        cursor.execute("BEGIN")
        try:
            return work(Transaction(self, cursor, kept_columns))
        except sqlite3.Error as error:
            raise _translated(error) from error
        finally:
            if connection.in_transaction:
                cursor.execute("COMMIT")

    def version(self) -> str | None:
        """The schema of the file."""
        return self.read(schema_version)

    def load(self) -> DatabaseLoad:
        """How long the writer's queue is."""
        return DatabaseLoad(n_queued=self._jobs.qsize())

    def follow(self, correspondent: Correspondent) -> Following:
        """Look now and then whether another process has written to the file."""
        return SqliteFollowing(lambda: self.write(_data_version), correspondent)

    def now_ms(self, transaction: Transaction) -> int:
        """The machine's clock: all processes on the file share it."""
        del transaction
        return time.time_ns() // 1_000_000

    def close(self) -> None:
        """Commit what was submitted, then close every connection."""
        if self._is_closed:
            return
        self._is_closed = True
        self._jobs.put(None)
        self._writer.join()
        with self._readers_lock:
            for connection in (*self._readers, self._writer_connection):
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "temp_store=MEMORY", "cache_size=-32000"):
            connection.execute(f"PRAGMA {pragma}")
        for function in sqlite_functions():
            connection.create_function(function.name, function.n_arguments, function.call, deterministic=True)
        return connection

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.execute("PRAGMA query_only=ON")
            connection.set_progress_handler(self._takes_too_long, STEPS_BETWEEN_LOOKS)
            with self._readers_lock:
                self._readers.append(connection)
        return connection

    def _takes_too_long(self) -> bool:
        return time.monotonic() > float(self._local.until_s)

    def _write_forever(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.is_late():
                job.future.set_exception(Unavailable(BEHIND))
                continue
            self._commit([job], self._arriving(time.monotonic() + GROUP_SECONDS))

    def _arriving(self, deadline: float) -> Iterator[_Job]:
        """Jobs that have come meanwhile and may join the transaction."""
        for _ in range(GROUP_LIMIT):
            if time.monotonic() > deadline or self._jobs.empty():
                return
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            yield job

    def _commit(self, first: list[_Job], arriving: Iterator[_Job]) -> None:
        """Run jobs in one transaction, with those that arrive meanwhile, and settle their futures."""
        connection = self._writer_connection
        group: list[_Job] = []
        done: list[_Done] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in itertools.chain(first, arriving):
                group.append(job)
                self._run_one(connection, job, done)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._recover(group or first, error)
            return
        for entry in done:
            for callback in entry.callbacks:
                callback()
            entry.job.future.set_result(entry.result)

    def _run_one(self, connection: sqlite3.Connection, job: _Job, done: list[_Done]) -> None:
        """Run one job behind a savepoint: its failure undoes only its own part.

        Raises:
            sqlite3.Error: The whole transaction is gone (disk full, I/O error).
        """
        if not job.future.set_running_or_notify_cancel():
            return
        transaction = Transaction(self, connection.cursor())
        try:
            result = transaction.savepoint(lambda _: _worked(job, transaction))
        except sqlite3.Error as error:
            if not connection.in_transaction or isinstance(_translated(error), StorageFull):
                raise
            job.future.set_exception(_translated(error))
        except Exception as error:  # noqa: BLE001  the caller's future carries it
            job.future.set_exception(error)
        else:
            done.append(_Done(job, result, transaction.take_callbacks()))

    def _recover(self, group: list[_Job], error: sqlite3.Error) -> None:
        """After a failed commit, run each job that was part of it again, alone."""
        waiting = [job for job in group if not job.future.done()]
        if len(waiting) == 1:
            waiting[0].future.set_exception(_translated(error))
            return
        for job in waiting:
            again: Future[Any] = Future()
            self._commit([job._replace(future=again)], iter(()))
            _copy_outcome(again, job.future)


def _worked(job: _Job, transaction: Transaction) -> Any:
    result = job.work(transaction)
    transaction.finish()
    run_changes.record(transaction)
    return result


def _data_version(transaction: Transaction) -> int:
    """SQLite's data_version, which on the writer's connection differs after another process has committed."""
    return int(transaction.select(_DATA_VERSION)[0][0])


def _copy_outcome(source: Future[Any], target: Future[Any]) -> None:
    error = source.exception()
    if error is None:
        target.set_result(source.result())
    else:
        target.set_exception(error)


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    translations: dict[int, type[RequestError]] = {
        sqlite3.SQLITE_FULL: StorageFull,
        sqlite3.SQLITE_IOERR: StorageFull,
        sqlite3.SQLITE_BUSY: Unavailable,
        sqlite3.SQLITE_LOCKED: Unavailable,
        sqlite3.SQLITE_READONLY: StorageFull,
    }
    kind = translations.get(code)
    if kind is StorageFull:
        return StorageFull(
            "The database cannot be written: the server's disk is full, over its quota, read-only or failing."
        )
    if code == sqlite3.SQLITE_INTERRUPT:
        return Unavailable(f"This took more than {READ_LIMIT_S:.0f} s: ask for less at a time.")
    if kind is Unavailable:
        return Unavailable("The database is busy with another process: try again.")
    return error
