from __future__ import annotations

import json
from pathlib import Path

import polars

from tests.cli.conftest import Invoke
from tests.server_process import ServerProcess

QUERY = "SELECT name, count(*) AS n FROM runs JOIN experiments USING (experiment_id) GROUP BY ALL ORDER BY n"


def test_a_query_is_answered_as_a_table_as_json_as_csv_and_as_a_file(cli: Invoke, tmp_path: Path) -> None:
    rows = cli("sql", QUERY).rows
    assert {row["name"] for row in rows} >= {"demo/churn", "demo/demand-forecast"}
    assert [str(row["n"]) for row in cli("sql", QUERY, "--json").json] == [row["n"] for row in rows]
    assert cli("sql", "--csv", "SELECT 1 AS a, NULL AS b, 'x,y' AS c").out == 'a,b,c\n1,,"x,y"\n'

    written = cli("sql", "-e", "demo/churn", "SELECT * FROM metrics", "-o", str(tmp_path / "m.parquet"))
    assert "rows written to" in written.err + written.out
    assert polars.read_parquet(tmp_path / "m.parquet")["experiment_id"].n_unique() == 1


def test_a_truncated_answer_says_so_and_a_mistake_is_shown(cli: Invoke) -> None:
    shown = cli("sql", "FROM points", "-n", "3")
    assert len(shown.rows) == 3
    assert "there are more" in shown.err

    failed = cli("sql", "SELECT nope FROM runs")
    assert failed.status == 1
    assert "LINE 1: SELECT nope FROM runs\n               ^" in failed.err


def test_an_experiment_is_exported_by_the_command(cli: Invoke, tmp_path: Path) -> None:
    target = tmp_path / "out"

    cli("export", "demo/churn", "--to", str(target), "--since", "3650d", "--filter", "status = 'FINISHED'")

    rows = json.loads((target / "export.json").read_text())["rows"]
    assert rows["runs"] == polars.read_parquet(target / "runs" / "*.parquet").height > 0
    assert cli("export", "demo/churn", "--to", str(target)).status != 0


def test_plain_words_search_all_texts(cli: Invoke) -> None:
    found = cli("experiments", "search", "cross validated trees").out

    assert "demo/churn" in found


def test_a_server_answers_queries_too(cli: Invoke, server: ServerProcess) -> None:
    answer = cli(
        "sql", "--json", "SELECT count(*) > 0 AS is_there FROM experiments", "--tracking-uri", server.url
    )

    assert answer.json == [{"is_there": True}]
