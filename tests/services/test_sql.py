"""SQL over the views answers what was logged, on both databases, and can do nothing else."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from fluvial.errors import InvalidRequest, NotSupported, PermissionDenied
from fluvial.services.context import Permission, Principal
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.services.sql import Limits, run_sql
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.runs import DELETE_RUN, RunId
from fluvial.wire.sql import TRUNCATED, RunSql, SqlResult
from fluvial.wire.views import VIEWS
from tests.services.making import log, start

DOCS = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
QUICK = Limits(time_s=10, memory_mb=200, max_rows=1_000, result_mb=5)


def ask(platform: Platform, query: str, *, limits: Limits = QUICK, **more: Any) -> SqlResult:
    answer = run_sql(platform, EVERYBODY, RunSql(query=query, **more), limits)
    return msgspec.json.decode(answer, type=SqlResult)


@pytest.fixture
def study(platform: Platform) -> Platform:
    """Three runs in two experiments, and one in the trash."""
    other = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="other")).experiment_id
    for number, experiment_id in enumerate(("0", "0", other, "0")):
        run_id = start(platform, run_name=f"run {number}", experiment_id=experiment_id)
        log(
            platform,
            run_id,
            params={"lr": f"0.{number + 1}", "optimizer": "adam"},
            tags={"team": "vision"},
            metrics=[("loss", value, step) for step, value in enumerate((0.9, math.nan, 0.4 + number))]
            + [("val_loss", 0.5 + number, 1)],
        )
    platform.call(DELETE_RUN, RunId(run_id=run_id))
    return platform


def test_each_view_has_what_was_logged_and_nothing_from_the_trash(study: Platform) -> None:
    counts = {view: ask(study, f"SELECT count(*) FROM {view}").rows[0][0] for view in VIEWS}  # noqa: S608
    assert counts == {"experiments": 2, "runs": 3, "params": 6, "tags": 6, "metrics": 6, "points": 12}

    query = (
        "SELECT r.run_name, m.value, m.min, m.max, m.mean, m.n_points, m.n_nan "
        "FROM metrics m JOIN runs r USING (run_id) WHERE key = 'loss' ORDER BY ALL"
    )
    result = ask(study, query)
    assert result.rows[1] == ["run 1", 1.4, 0.9, 1.4, pytest.approx(1.15), 3, 1]

    points = ask(study, "FROM points WHERE key = 'loss' AND experiment_id = 0 ORDER BY run_id, step")
    assert points.columns == list(VIEWS["points"])
    assert points.rows[1][3:] == [1, "1970-01-01T00:00:01.001000Z", "NaN"]


def test_the_views_hold_the_experiments_that_are_named(study: Platform) -> None:
    assert ask(study, "SELECT run_name FROM runs", experiment_ids=("1",)).rows == [["run 2"]]


@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL))
def test_a_query_of_the_page_runs(study: Platform, query: str) -> None:
    assert ask(study, query).columns


def test_the_page_names_the_columns_that_there_are() -> None:
    for view, columns in VIEWS.items():
        (row,) = re.findall(rf"^\| `{view}` \| .*$", DOCS, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == [view, *columns]


def test_an_arrow_stream_has_types_and_says_that_there_is_more(study: Platform) -> None:
    request = RunSql(query="SELECT * FROM points", max_rows=5, format="arrow")
    table = pa.ipc.open_stream(run_sql(study, EVERYBODY, request, QUICK)).read_all()

    assert (table.num_rows, table.schema.field("value").type) == (5, pa.float64())
    assert TRUNCATED in table.schema.metadata
    assert ask(study, "FROM points", max_rows=5).is_truncated


@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC 1", r"LINE 1: SELEC 1\n        \^"),
        ("SELECT *\nFROM runs WHERE statsu = 1", r"statsu.*\n.*\n\nLINE 2: .*\n\s+\^"),
        ("SELECT * FROM runz", "There is no view 'runz': there is experiments"),
        ("SELECT CAST(run_name AS INTEGER) FROM runs", "Could not convert string 'run"),
        ("", "one SELECT"),
        ("SELECT 1; SELECT 2", "one SELECT"),
    ],
)
def test_what_is_wrong_with_a_query_is_shown(study: Platform, query: str, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        ask(study, query)


ATTACKS = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('http://127.0.0.1:1/x')",
    "COPY runs TO '/tmp/fluvial-stolen.csv'",
    "ATTACH '/tmp/fluvial-stolen.db'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "PRAGMA database_list",
    "CALL duckdb_functions()",
    "CREATE TABLE t AS SELECT 1",
    "INSERT INTO runs SELECT * FROM runs",
    "DROP VIEW runs",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT * FROM arrow_scan(1::POINTER, 1::POINTER, 1::POINTER)",
    "SELECT * FROM pandas_scan(1, 1, 1)",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM information_schema.tables",
    "WITH a AS (SELECT * FROM read_blob('/etc/passwd')) SELECT * FROM a",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT getenv('HOME')",
    "SELECT * FROM runs; COPY (SELECT 1) TO '/tmp/fluvial-stolen.csv'",
)


# What an attack meets is the same on both databases.
@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ATTACKS)
def test_a_query_reaches_nothing_but_the_views(platform: Platform, query: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ask(platform, query)

    assert "root:" not in refused.value.message
    assert not list(Path("/tmp").glob("fluvial-stolen*"))  # noqa: S108


@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3",
        "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c",
        "SELECT list(range) FROM range(10000000000)",
        "SELECT repeat('x', 4000000000)",
        "SELECT md5(a.range || '-' || b.range) AS h FROM range(99999) a, range(99999) b GROUP BY h",
        "SELECT repeat('x', 1000000) FROM range(100)",
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
    ],
)
def test_a_query_that_takes_too_much_is_stopped_and_the_store_goes_on(platform: Platform, query: str) -> None:
    with pytest.raises(InvalidRequest):
        ask(platform, query, limits=Limits(time_s=2, memory_mb=100, max_rows=1_000, result_mb=5))

    assert ask(platform, "SELECT count(*) FROM runs").rows == [[0]]


@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
def test_sql_is_a_permission_and_can_be_turned_off(platform: Platform) -> None:
    reader = Principal("reader", Permission.READ)
    with pytest.raises(PermissionDenied, match="QUERY"):
        run_sql(platform, reader, RunSql(query="FROM runs"), QUICK)
    with pytest.raises(NotSupported, match="FLUVIAL_SQL_TIME_S"):
        ask(platform, "FROM runs", limits=Limits(time_s=0))
    log(platform, start(platform), params={"a": "1", "b": "2", "c": "3"})
    with pytest.raises(InvalidRequest, match="at most 2 rows"):
        ask(platform, "FROM params", limits=Limits(read_rows=2))
