"""PostgreSQL, and what speaks its protocol: a pool of connections that queue rather than fail."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg import errors as pg
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from fluvial.errors import StorageFull, Unavailable
from fluvial.store import run_changes
from fluvial.store.database import (
    BEHIND,
    QUEUED_LIMIT_S,
    Database,
    DatabaseLoad,
    StateTooOld,
    Transaction,
    schema_version,
)
from fluvial.store.following import Correspondent, Following
from fluvial.store.postgres_following import KEEPALIVE, PostgresFollowing
from fluvial.store.shared_clock import SharedClock
from fluvial.store.statement import Statement

T = TypeVar("T")

POOL_SIZE = 16
WAIT_S = 10.0
TRIES = 8
# For how long a connection that answered is taken to stand.
TRUSTED_S = 1.0
# What a distributed or a busy database asks to do again; and a name that another writer took meanwhile,
# which the next attempt finds taken.
_AGAIN = (pg.SerializationFailure, pg.DeadlockDetected, pg.UniqueViolation)
# A server that is stopped in the middle of a transaction keeps nobody from a row for longer than this, and
# no statement keeps a connection of the pool for longer.
_LIMITS = (
    "SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s'; SET statement_timeout = '60s'"
)
_NOW = Statement(select(func.extract("epoch", func.clock_timestamp())))


class _Mode(NamedTuple):
    """How transactions begin."""

    isolation: psycopg.IsolationLevel
    is_read_only: bool

    def set(self, connection: psycopg.Connection[Any]) -> None:
        """Have the connection begin its transactions so; no round trip."""
        if connection.isolation_level != self.isolation:
            connection.isolation_level = self.isolation
            connection.read_only = self.is_read_only


_READ = _Mode(psycopg.IsolationLevel.REPEATABLE_READ, is_read_only=True)
_WRITE = _Mode(psycopg.IsolationLevel.READ_COMMITTED, is_read_only=False)


class _Connection(psycopg.Connection[Any]):
    """A connection that knows when the server last answered."""

    answered_s = float("-inf")


def _check(connection: _Connection) -> None:
    """Ask a connection that was idle whether it still stands: a round trip that busy ones are spared."""
    if time.monotonic() - connection.answered_s > TRUSTED_S:
        ConnectionPool.check_connection(connection)


class PostgresDatabase(Database):
    """A database of a PostgreSQL server.

    Args:
        conninfo: A libpq URI or connection string.
        pool_size: How many connections it may open, beside one to hear of other servers' changes.
        wait_s: How long a call waits for one of them before it is answered with `Unavailable`.
        clock: This machine's, which may be wrong.
    """

    dialect = PGDialect_psycopg(paramstyle="pyformat")  # type: ignore[no-untyped-call]

    def __init__(
        self,
        conninfo: str,
        *,
        pool_size: int = POOL_SIZE,
        wait_s: float = WAIT_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._conninfo = conninfo
        self._clock = SharedClock(clock)
        self._pool: ConnectionPool[_Connection] = ConnectionPool(
            conninfo,
            connection_class=_Connection,
            min_size=1,
            max_size=pool_size,
            timeout=wait_s,
            kwargs={"autocommit": False, **KEEPALIVE},
            configure=_limit,
            open=False,
            check=_check,
        )
        self._pool.open()
        self._queued_lock = threading.Lock()
        self._n_queued = 0
        self._threads = ThreadPoolExecutor(pool_size, thread_name_prefix="fluvial-writer")

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run work on a pooled connection, in a thread."""
        with self._queued_lock:
            self._n_queued += 1
        return self._threads.submit(self._write, work, time.monotonic())

    def _write(self, work: Callable[[Transaction], T], queued_s: float) -> T:
        with self._queued_lock:
            self._n_queued -= 1
        if time.monotonic() - queued_s > QUEUED_LIMIT_S:
            raise Unavailable(BEHIND)
        return self._run(work, _WRITE)

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run work on a pooled connection, in this thread, on one snapshot."""
        while True:
            try:
                return self._run(work, _READ)
            except StateTooOld:
                continue

    def version(self) -> str | None:
        """The schema, read on a connection of its own: the pool may be as busy as it may be."""
        try:
            with (
                psycopg.connect(
                    self._conninfo, autocommit=True, **{**KEEPALIVE, "connect_timeout": 3}
                ) as one,
                one.cursor() as cursor,
            ):
                return schema_version(Transaction(self, cursor))
        except psycopg.Error as error:
            raise Unavailable("The database does not answer.") from error

    def load(self) -> DatabaseLoad:
        """How long the queues are."""
        stats = self._pool.get_stats()
        return DatabaseLoad(
            n_queued=self._n_queued,
            n_connections=stats.get("pool_size", 0),
            n_idle=stats.get("pool_available", 0),
            n_waiting=stats.get("requests_waiting", 0),
        )

    def follow(self, correspondent: Correspondent) -> Following:
        """Hear what other servers say has changed, and say it to them."""
        return PostgresFollowing(self._conninfo, correspondent)

    def now_ms(self, transaction: Transaction) -> int:
        """PostgreSQL's clock."""
        return self._clock.now_ms(lambda: float(transaction.rows(_NOW)[0][0]))

    def close(self) -> None:
        """Finish what was submitted and close the pool."""
        self._threads.shutdown()
        self._pool.close()

    def _run(self, work: Callable[[Transaction], T], mode: _Mode) -> T:
        for attempt in range(TRIES):
            kept_columns = self.kept_columns() if mode.is_read_only else None
            try:
                with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
                    mode.set(connection)
                    transaction = Transaction(self, cursor, kept_columns)
                    result = work(transaction)
                    transaction.finish()
                    run_changes.record(transaction)
                    connection.commit()
                    connection.answered_s = time.monotonic()
            except _AGAIN as error:
                if attempt == TRIES - 1:
                    raise Unavailable("The database is too busy: try again.") from error
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311  no secret
            except (pg.DiskFull, pg.ReadOnlySqlTransaction) as error:
                raise StorageFull("The database cannot grow: its disk is full or read-only.") from error
            except (PoolTimeout, psycopg.OperationalError) as error:
                raise Unavailable("The database does not answer: try again.") from error
            else:
                for callback in transaction.take_callbacks():
                    callback()
                return result
        raise AssertionError("unreachable: the last attempt returns or raises")


def _limit(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_LIMITS)
    connection.commit()
