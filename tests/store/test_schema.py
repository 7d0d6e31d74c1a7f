from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from fluvial.errors import InvalidSetting
from fluvial.store import schema
from fluvial.store.database import VERSION_TABLE
from fluvial.store.schema import HEAD, open_database, upgrade
from fluvial.store.webhook_tables import metadata


def test_the_migrations_make_the_tables_that_the_code_uses(database_uri: str) -> None:
    upgrade(database_uri)

    url = make_url(database_uri)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    )
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "include_name": _is_declared}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def _is_declared(name: str | None, kind: str, parents: object) -> bool:
    """All but the tables of words, which are of another kind in each database."""
    return kind != "table" or not str(name).startswith(("run_text", "experiment_text"))


def test_the_newest_migration_is_the_one_that_the_code_wants() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_opening_again_changes_nothing(database_uri: str) -> None:
    open_database(database_uri).close()
    open_database(database_uri).close()


def test_processes_that_start_at_once_on_an_empty_database_all_succeed(database_uri: str) -> None:
    code = "import sys; from fluvial.store.schema import open_database; open_database(sys.argv[1]).close()"
    processes = [
        subprocess.Popen([sys.executable, "-c", code, database_uri], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors


def test_a_database_of_mlflow_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    connection = sqlite3.connect(path)
    for table in ("experiments", "runs", "latest_metrics", "alembic_version"):
        connection.execute(f"CREATE TABLE {table} (id INTEGER)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(InvalidSetting, match="MLflow"):
        open_database(f"sqlite:///{path}")

    assert sqlite3.connect(path).execute("SELECT count(*) FROM sqlite_master").fetchone() == (4,)
    assert len(before) == path.stat().st_size


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE invoices (id INTEGER)")
    connection.close()

    with pytest.raises(InvalidSetting, match="invoices"):
        open_database(f"sqlite:///{tmp_path}/other.db")


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    open_database(uri).close()
    connection = sqlite3.connect(tmp_path / "fluvial.db")
    connection.execute("UPDATE fluvial_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    with pytest.raises(InvalidSetting, match="Upgrade fluvial"):
        open_database(uri)


@pytest.mark.parametrize("uri", ["mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_other_kinds_of_database_are_refused(uri: str) -> None:
    with pytest.raises(InvalidSetting):
        open_database(uri)
