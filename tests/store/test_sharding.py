"""Whether the big tables can be spread over nodes by experiment, and kept in partitions by time."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import UniqueConstraint

import fluvial.store
from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.jobs.compaction import compact
from fluvial.services.platform import Platform
from fluvial.store.database import Transaction
from fluvial.store.postgres import PostgresDatabase
from fluvial.store.schema import open_database
from fluvial.store.statement import Statement, compile_once
from fluvial.store.webhook_tables import metadata
from fluvial.wire.metrics import GET_METRIC_HISTORY, GetMetricHistory
from fluvial.wire.runs import SEARCH_RUNS, SearchRuns
from tests.services.making import log, start

DEPLOY = Path(__file__).parents[2] / "deploy/postgres"
CITUS = (DEPLOY / "citus.sql").read_text()
PARTITIONS = (DEPLOY / "partitions.sql").read_text()
REFERENCE = set(re.findall(r"create_reference_table\('(\w+)'\)", CITUS))
DISTRIBUTED = dict(re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", CITUS))
BY_EXPERIMENT = {table for table, column in DISTRIBUTED.items() if column == "experiment_id"}
# What background jobs ask of all nodes at once: what is there to do? And moves: who goes on with these runs?
ASKS_ALL = {"folding._OPEN", "texts._BACKLOG", "uploads._UNTOUCHED", "origins._FOLLOW"}

# What Citus would do, as far as it refuses: a unique key without the column that says on which node a row is.
STAND_IN = """
CREATE FUNCTION create_distributed_table(name regclass, shard_by text, colocate_with text DEFAULT 'default')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT indexrelid::regclass::text INTO found FROM pg_index i WHERE i.indrelid = name AND i.indisunique
        AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = name AND a.attname = shard_by
                        AND a.attnum = ANY (i.indkey::smallint[]));
    IF found IS NOT NULL THEN RAISE EXCEPTION '% does not hold %', found, shard_by; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = name AND a.attname = shard_by)
        THEN RAISE EXCEPTION '% has no %', name, shard_by; END IF;
END $$;
CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS '';
"""


def loose_tables(sql: str) -> set[str]:
    """Tables of a statement whose experiment it does not name, so that it would go to all nodes."""
    found = set()
    for table, alias in re.findall(r'(?:FROM|JOIN|UPDATE|,) "?(\w+)"?(?: AS (\w+))?', sql):
        name = alias or table
        is_bound = re.search(rf"\b{name}\.experiment_id (=|IN)|= {name}\.experiment_id", sql)
        if table in BY_EXPERIMENT and not is_bound:
            found.add(name)
    return found


def statements() -> dict[str, str]:
    """Every statement of the store that is compiled once, as PostgreSQL gets it."""
    found = {}
    for module in pkgutil.walk_packages(fluvial.store.__path__, "fluvial.store."):
        if ".migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Statement):
                text = value.text(PostgresDatabase.dialect).replace("\n", " ")
                found[f"{module.name.removeprefix('fluvial.store.')}.{name}"] = text
    return found


def test_every_unique_key_of_a_table_that_is_spread_holds_what_spreads_it() -> None:
    for name, column in DISTRIBUTED.items():
        table = metadata.tables.get(name)
        if table is None:
            continue  # of the full-text index: checked in the database, below
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        keys: list[Any] = [table.primary_key, *unique]
        keys += [index for index in table.indexes if index.unique]
        assert all(column in key.columns for key in keys), name


def test_every_statement_goes_to_the_node_of_its_experiment_and_joins_there() -> None:
    found = {name: loose for name, sql in statements().items() if (loose := loose_tables(sql))}

    assert set(found) == ASKS_ALL


def test_a_search_joins_within_its_experiment(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    plain = Transaction.select

    def select(self: Transaction, element: Any) -> Any:
        seen.append(compile_once(element, PostgresDatabase.dialect)[0].replace("\n", " "))
        return plain(self, element)

    monkeypatch.setattr(Transaction, "select", select)
    platform = platform_on(postgres_url, tmp_path)
    start(platform, experiment_id="0")
    for filter_, order in (
        ("metrics.m > 1 and params.p = 'a' and tags.t != 'b'", "metrics.m DESC"),
        ("attributes.status = 'RUNNING' or params.p like 'x%'", "params.p ASC"),
        ("datasets.name = 'd'", "attributes.start_time DESC"),
    ):
        platform.call(SEARCH_RUNS, SearchRuns(experiment_ids=("0",), filter=filter_, order_by=(order,)))

    assert any("FROM run" in sql for sql in seen)
    assert {name for sql in seen for name in loose_tables(sql)} == set()
    platform.close()


def test_the_script_for_citus_places_every_table_once_and_only_keys_that_it_can_keep(
    postgres_url: str,
) -> None:
    open_database(postgres_url).close()
    with psycopg.connect(postgres_url) as connection:
        connection.execute(STAND_IN)
        connection.execute(CITUS)
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in found}

    assert REFERENCE | set(DISTRIBUTED) == tables
    assert not REFERENCE & set(DISTRIBUTED)
    assert CITUS.count("SELECT create_") == len(tables)


def test_with_partitions_by_month_points_are_kept_and_read_as_before(
    postgres_url: str, tmp_path: Path
) -> None:
    platform = platform_on(postgres_url, tmp_path)
    run_id = start(platform, experiment_id="0")
    log(platform, run_id, metrics=[("m", float(step), step) for step in range(1000)])
    assert compact(platform, 0, 60) == 1000
    indexes = "SELECT indexname FROM pg_indexes WHERE tablename IN ('chunk', 'rollup') ORDER BY 1"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        before = connection.execute(indexes).fetchall()

        connection.execute(PARTITIONS)

        assert connection.execute(indexes).fetchall() == before
        parts = connection.execute("SELECT count(*) FROM pg_inherits").fetchone()
        assert parts is not None
        assert parts[0] > 2 * 36
    log(platform, run_id, metrics=[("m", float(step), step) for step in range(1000, 2000)])
    assert compact(platform, 0, 60) == 1000
    history = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key="m")).metrics
    assert [point.step for point in history] == list(range(2000))
    platform.close()


def platform_on(url: str, folder: Path) -> Platform:
    locations = Locations(destination=str(folder / "artifacts"), options=StoreOptions())
    return Platform(open_database(url), locations)
