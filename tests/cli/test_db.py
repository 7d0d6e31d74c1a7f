from __future__ import annotations

import sqlite3
from pathlib import Path

from fluvial.services.platform import Platform
from fluvial.store.schema import HEAD
from fluvial.wire.runs import CREATE_RUN, CreateRun
from tests.cli.conftest import Invoke
from tests.platforms import clock, database, database_uri, platform

__all__ = ["clock", "database", "database_uri", "platform"]


def test_the_status_of_a_store_that_is_up_to_date(cli: Invoke) -> None:
    shown = cli("db", "status", "--json")

    assert shown.status == 0
    assert (shown.json[0]["schema"], shown.json[0]["state"]) == (HEAD, "current")


def test_a_database_is_made_by_an_upgrade_and_not_by_a_look(cli: Invoke, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/new.db"

    before = cli("db", "status", uri)
    is_made_by_looking = (tmp_path / "new.db").exists()
    upgraded = cli("db", "upgrade", uri)
    again = cli("db", "upgrade", uri)

    assert (before.status, is_made_by_looking) == (0, False)
    assert f"schema none -> {HEAD}" in upgraded.out
    assert "up to date" in again.out


def test_a_database_of_a_newer_version_is_said(cli: Invoke, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/new.db"
    cli("db", "upgrade", uri)
    with sqlite3.connect(tmp_path / "new.db") as connection:
        connection.execute("UPDATE fluvial_version SET version_num = '9999'")

    shown = cli("db", "status", uri)

    assert shown.status == 1
    assert "Upgrade fluvial" in shown.out


def test_the_rows_of_a_database_are_counted_on_both_databases(
    cli: Invoke, database_uri: str, platform: Platform
) -> None:
    for _ in range(3):
        platform.call(CREATE_RUN, CreateRun())
    platform.database.close()

    shown = cli("db", "status", database_uri, "--json")

    (found,) = shown.json
    assert found["rows"].keys() >= {"run", "param", "segment"}
    if database_uri.startswith("sqlite"):  # PostgreSQL estimates, when it comes to it
        assert found["rows"]["run"] == 3


def test_a_database_of_another_program_is_refused(cli: Invoke, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")

    shown = cli("db", "status", f"sqlite:///{tmp_path}/other.db")

    assert shown.status == 2
    assert "recipes" in shown.err


def test_a_database_that_does_not_answer_is_unreachable(cli: Invoke) -> None:
    assert cli("db", "status", "postgresql://ada@127.0.0.1:1/fluvial").status == 4
