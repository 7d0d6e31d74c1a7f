"""The two databases that measurements run on, and what their files hold."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.peer import Server, fluvial_server
from tests.postgres import shared_cluster, shared_folder

# As a server is installed; the tests' cluster is faster than is safe.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
TABLES = ("segment", "chunk", "rollup")


class Stored:
    """The database of a running server, looked at from beside it.

    Args:
        uri: `sqlite:///…` or `postgresql://…`.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def rows(self, sql: str) -> list[tuple[int, ...]]:
        """What a query gives."""
        if self._uri.startswith("sqlite"):
            connection = sqlite3.connect(self._uri.removeprefix("sqlite:///"))
            try:
                return connection.execute(sql).fetchall()
            finally:
                connection.close()
        with psycopg.connect(self._uri, autocommit=True) as server:
            return list(server.execute(sql.encode()))

    def n_points(self, table: str) -> int:
        """How many points a table holds."""
        ((n,),) = self.rows(f"SELECT coalesce(sum(n_points), 0) FROM {table}")  # noqa: S608
        return int(n)

    def await_compaction(self) -> None:
        """Wait until no segment is left that was not folded."""
        while self.rows("SELECT count(*) FROM segment WHERE is_folded = 0") != [(0,)]:
            time.sleep(0.5)

    def size_bytes(self) -> int:
        """What the pages in use take, of the whole database or of the tables with points."""
        if self._uri.startswith("sqlite"):
            ((pages,),), ((free,),), ((size,),) = (
                self.rows(f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size")
            )
            return (pages - free) * size
        for table in TABLES:
            self.rows_of_none(f"VACUUM FULL {table}")
        return sum(self.rows(f"SELECT pg_total_relation_size('{table}')")[0][0] for table in TABLES)

    def rows_of_none(self, sql: str) -> None:
        """Run what gives no rows."""
        with psycopg.connect(self._uri, autocommit=True) as server:
            server.execute(sql.encode())


@contextmanager
def on_sqlite() -> Iterator[tuple[Server, Stored]]:
    """A server on an empty SQLite database."""
    with fluvial_server() as server:
        yield server, Stored(f"sqlite:///{Path(server.folder)}/fluvial.db")


@contextmanager
def on_postgresql() -> Iterator[tuple[Server, Stored]]:
    """A server on an empty database of a PostgreSQL of its own, with the durability of an installed one."""
    with shared_folder() as shared, shared_cluster(shared).database() as name:
        uri = shared_cluster(shared).url(name)
        stored = Stored(uri)
        for setting, value in DURABLE.items():
            stored.rows_of_none(f"ALTER SYSTEM SET {setting} = {value}")
        stored.rows("SELECT pg_reload_conf()")
        with fluvial_server(uri) as server:
            yield server, stored
