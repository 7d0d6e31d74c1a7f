"""Bringing a database to the schema that this version of fluvial wants."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from fluvial.errors import InvalidSetting, MissingExtra, Unreachable
from fluvial.store.database import COLUMNS_LIMIT_BYTES, VERSION_TABLE, Database

HEAD = "0017"
# Without those that a full-text index is made of.
_OWN_TABLES = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' ORDER BY name"
# Exact counts would read whole tables, for minutes at size.
_ESTIMATES = """
SELECT c.relname, CASE WHEN c.reltuples < 0 THEN s.n_live_tup ELSE greatest(c.reltuples, s.n_live_tup) END
FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname <> 'fluvial_version'
ORDER BY 1
"""
_LOCK = 0x666C75  # "flu": two servers that start at once migrate one after the other


class DatabaseOptions(Struct, frozen=True, kw_only=True):
    """How a database is used.

    Attributes:
        n_connections: How many connections a PostgreSQL server is asked for at most, and one more to hear
            of other servers' changes.
        wait_s: How long a call waits for one of them.
        upgrades: Whether migrations that are lacking are applied; if not, a database that lacks some is
            refused.
        columns_limit_bytes: How much memory columns of runs may take; with 0 there are none.
    """

    n_connections: int = 16
    wait_s: float = 10.0
    upgrades: bool = True
    columns_limit_bytes: int = COLUMNS_LIMIT_BYTES


def open_database(uri: str, options: DatabaseOptions | None = None) -> Database:
    """The database behind a URI, brought to the current schema.

    Args:
        uri: `sqlite:///relative.db`, `sqlite:////absolute.db`, or `postgresql://...`.
        options: How to use it.

    Raises:
        InvalidSetting: No such kind of database, or one that belongs to another program.
        MissingExtra: Its driver is not installed.
        Unreachable: It does not answer.
    """
    options = options or DatabaseOptions()
    database = _open(uri, options)
    database.columns_limit_bytes = options.columns_limit_bytes
    return database


def _open(uri: str, options: DatabaseOptions) -> Database:
    prepare = upgrade if options.upgrades else check_current
    url = make_url(uri)
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise InvalidSetting(f"A SQLite store is a file: sqlite:///fluvial.db, not {uri!r}.")
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        prepare(uri)
        from fluvial.store.sqlite import SqliteDatabase  # noqa: PLC0415  only the driver that is used

        return SqliteDatabase(path)
    if backend == "postgresql":
        try:
            from fluvial.store.postgres import PostgresDatabase  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise MissingExtra("A store on PostgreSQL", "postgres") from error
        prepare(uri)
        conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresDatabase(conninfo, pool_size=options.n_connections, wait_s=options.wait_s)
    raise InvalidSetting(f"A store is sqlite:///... or postgresql://..., not {backend}://.")


def find_version(uri: str) -> str | None:
    """The schema that a database has; none if it is empty or not there. Changes nothing.

    Raises:
        InvalidSetting: It belongs to another program.
        Unreachable: It does not answer.
    """
    engine = _engine(uri)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return None
    try:
        with engine.connect() as connection:
            version = _version(connection)
            if version is None:
                _refuse_foreign(connection, version)
            return version
    except OperationalError as error:
        raise Unreachable(f"The database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def count_rows(uri: str) -> dict[str, int]:
    """How many rows each table has; on PostgreSQL, about: as many as it found when it last looked.

    Raises:
        Unreachable: The database does not answer.
    """
    engine = _engine(uri)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                rows = connection.execute(text(_ESTIMATES)).all()
                return {str(name): int(n_rows) for name, n_rows in rows}
            counted = {
                name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
                for name in connection.execute(text(_OWN_TABLES)).scalars()
                if not name.startswith(("sqlite_", VERSION_TABLE))
            }
            return {name: int(n_rows) for name, n_rows in counted.items()}
    except OperationalError as error:
        raise Unreachable(f"The database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def check_current(uri: str) -> None:
    """Refuse a database that lacks migrations.

    Raises:
        InvalidSetting: It does, or belongs to another program or to a newer version of fluvial.
        Unreachable: It does not answer.
    """
    version = find_version(uri)
    _refuse_newer(version)
    if version != HEAD:
        raise InvalidSetting(
            f"This database has schema {version or 'none'}; this version of fluvial wants {HEAD}, and was "
            "told not to upgrade it. Run: fluvial db upgrade"
        )


def upgrade(uri: str) -> None:
    """Apply the migrations that a database lacks, in one transaction, one process at a time.

    Raises:
        InvalidSetting: It belongs to another program, or to a newer version of fluvial.
        Unreachable: It does not answer.
    """
    engine = _engine(uri)
    if engine.dialect.name == "sqlite":
        _lock_at_begin(engine)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            version = _version(connection)
            if version == HEAD:
                return
            _refuse_foreign(connection, version)
            _migrate(connection)
    except OperationalError as error:
        raise Unreachable(f"The database cannot be opened: {error.orig}") from error
    finally:
        engine.dispose()


def _engine(uri: str) -> Engine:
    url = make_url(uri)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(url)


def _lock_at_begin(engine: Any) -> None:
    """Take SQLite's write lock before looking, so that two first starts do not race."""

    @event.listens_for(engine, "connect")
    def no_implicit_begin(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=60000")
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def _refuse_foreign(connection: Connection, version: str | None) -> None:
    names = set(inspect(connection).get_table_names())
    if {"experiments", "latest_metrics", "runs"} <= names:
        raise InvalidSetting(
            "This is a database of MLflow's own; fluvial keeps its data in another schema and would not "
            "touch it. Point --backend-store-uri at a new database, and MLflow's clients at fluvial."
        )
    if version is None and names:
        raise InvalidSetting(
            f"This database belongs to another program: it has the tables {', '.join(sorted(names)[:5])}. "
            "Point --backend-store-uri at a new one."
        )
    _refuse_newer(version)


def _refuse_newer(version: str | None) -> None:
    if version is not None and version > HEAD:
        raise InvalidSetting(
            f"This database has schema {version}, made by a newer fluvial; this version knows {HEAD}. "
            "Upgrade fluvial."
        )


def _migrate(connection: Connection) -> None:
    # Alembic takes 0.2 s to import, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are no news for who logs at INFO
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
