"""How SQLite runs what the store asks: with the run's keys, never through a whole experiment."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from pathlib import Path

import pytest

import fluvial.store
from fluvial.store.schema import upgrade
from fluvial.store.sqlite import SqliteDatabase
from fluvial.store.statement import Statement
from fluvial.store.webhook_tables import metadata


def statements() -> dict[str, str]:
    found = {}
    for module in pkgutil.iter_modules(fluvial.store.__path__, "fluvial.store."):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Statement):
                    found[f"{module.name}.{name}"] = value.text(SqliteDatabase.dialect)
    return found


OF_RUNS = {name: sql for name, sql in statements().items() if "run_key" in sql and "json_each(:runs" in sql}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path: Path = tmp_path_factory.mktemp("plans") / "fluvial.db"
    upgrade(f"sqlite:///{path}")
    return sqlite3.connect(path)


def test_there_are_statements_about_listed_runs() -> None:
    assert {"fluvial.store.runs._PARAMS", "fluvial.store.runs._METRICS"} <= OF_RUNS.keys()


@pytest.mark.parametrize("name", OF_RUNS)
def test_what_runs_logged_is_found_by_their_keys(database: sqlite3.Connection, name: str) -> None:
    sql = OF_RUNS[name]
    parameters = dict.fromkeys(re.findall(r":(\w+)", sql), "[1]")

    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]

    wide = {f"{table} USING" for table, columns in metadata.tables.items() if "run_key" in columns.c}
    searches = [step for step in plan if any(each in step for each in wide)]
    assert searches
    assert all("experiment_id=? AND run_key=?" in step for step in searches), plan


def test_experiments_are_listed_in_the_order_of_an_index(database: sqlite3.Connection) -> None:
    sql = (
        "SELECT * FROM experiment WHERE is_deleted = 0 AND created_ms <= 5 "
        "ORDER BY created_ms DESC, experiment_id LIMIT 100"
    )

    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}")]

    sorts = [step for step in plan if "TEMP B-TREE" in step]
    # only those of one millisecond are sorted
    assert all("LAST TERM" in step or "RIGHT PART" in step for step in sorts), plan
    assert any("experiment_is_deleted_created_ms_index" in step for step in plan)
