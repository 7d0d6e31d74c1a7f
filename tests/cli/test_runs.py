from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Invoke


@pytest.fixture
def diverged(cli: Invoke) -> dict[str, Any]:
    """A run whose loss ended as NaN."""
    found: dict[str, Any] = cli("runs", "search", "metrics.`train/loss` IS NAN", "-n", "1", "--json").json[0]
    return found


def test_runs_are_listed_newest_first_and_no_more_than_asked_for(cli: Invoke) -> None:
    rows = cli("runs", "list", "-n", "5").rows

    assert len(rows) == 5
    assert list(rows[0]) == ["run_id", "run_name", "experiment", "status", "start_time", "duration"]
    assert [row["start_time"] for row in rows] == sorted((row["start_time"] for row in rows), reverse=True)


def test_columns_are_chosen_by_name(cli: Invoke) -> None:
    shown = cli("runs", "list", "-e", "demo/churn", "--columns", "run_name,params.model,metrics.auc_mean")

    assert list(shown.rows[0]) == ["run_name", "params.model", "metrics.auc_mean"]
    assert {row["params.model"] for row in shown.rows} <= {"xgboost", "lightgbm", "random_forest"}


def test_a_column_that_is_none_is_a_usage_error_that_names_the_nearest(cli: Invoke) -> None:
    shown = cli("runs", "list", "--columns", "run_nam")

    assert shown.status == 2
    assert "Did you mean run_name?" in shown.err


def test_json_has_a_run_a_line_with_dicts_of_what_was_logged(cli: Invoke, diverged: dict[str, Any]) -> None:
    lines = cli("runs", "list", "-n", "3", "--json").json

    assert len(lines) == 3
    assert {"run_id", "status", "metrics", "params", "tags", "datasets"} <= lines[0].keys()
    assert diverged["metrics"]["train/loss"] == "NaN"


def test_a_search_finds_what_its_filter_says(cli: Invoke) -> None:
    found = cli("runs", "search", "params.fold = '2' AND status = 'FINISHED'", "--json").json

    assert found
    assert {run["params"]["fold"] for run in found} == {"2"}


def test_a_wrong_filter_is_a_usage_error_that_points_at_the_character(cli: Invoke) -> None:
    shown = cli("runs", "search", "metrics.loss <<< 3")

    assert shown.status == 2
    message = shown.err.splitlines()
    assert message[2].index("^") - message[1].index("metrics") == len("metrics.loss <")


def test_a_run_is_shown_with_all_that_it_has(cli: Invoke, diverged: dict[str, Any]) -> None:
    shown = cli("runs", "show", diverged["run_id"]).out

    for part in (
        diverged["run_name"],
        "Params",
        "learning_rate",
        "train/loss",
        "nan",
        "tiny-images",
        "confusion.png",
    ):
        assert part in shown


def test_a_run_is_named_by_the_beginning_of_its_id(cli: Invoke, diverged: dict[str, Any]) -> None:
    shown = cli("runs", "show", diverged["run_id"][:10], "--json")

    assert shown.json == [diverged]


def test_a_run_is_named_by_a_name_that_only_it_has(cli: Invoke) -> None:
    assert cli("runs", "show", "retrain 003", "--json").json[0]["run_name"] == "retrain 003"


def test_a_name_of_several_runs_is_refused_with_their_ids(cli: Invoke) -> None:
    ids = [row["run_id"][:12] for row in cli("runs", "search", "run_name = 'fold 1'").rows]

    shown = cli("runs", "show", "fold 1")

    assert shown.status == 1
    assert len(ids) > 1
    assert all(run_id in shown.err for run_id in ids)


def test_an_unknown_run_is_not_found_and_the_nearest_are_named(cli: Invoke) -> None:
    shown = cli("runs", "show", "retrain 03")

    assert shown.status == 3
    assert "retrain 003" in shown.err
    assert "fluvial runs list" in shown.err


def test_an_unknown_experiment_is_not_found_and_the_nearest_is_named(cli: Invoke) -> None:
    shown = cli("runs", "list", "-e", "churn")

    assert shown.status == 3
    assert "Did you mean 'demo/churn'?" in shown.err


def test_a_comparison_shows_what_differs_and_all_if_asked(cli: Invoke) -> None:
    one, other = cli("runs", "search", "tags.kind = 'sweep'", "-n", "2", "--json").json

    differing = cli("runs", "compare", one["run_id"], other["run_id"], "--json").json
    everything = cli("runs", "compare", one["run_id"], other["run_id"], "--all", "--json").json

    assert all(len(set(map(str, line["values"].values()))) == 2 for line in differing)
    assert {
        "kind": "tags",
        "key": "kind",
        "values": {one["run_id"]: "sweep", other["run_id"]: "sweep"},
    } in everything
    assert len(everything) > len(differing)


def test_runs_that_share_a_nan_do_not_differ_by_it(cli: Invoke) -> None:
    one, other = cli("runs", "search", "metrics.`train/loss` IS NAN", "-n", "2", "--json").json

    differing = cli("runs", "compare", one["run_id"], other["run_id"], "--json").json

    assert "train/loss" not in [line["key"] for line in differing]


def test_tags_are_set_and_deleted(cli: Invoke) -> None:
    set_two = cli("runs", "tag", "retrain 001", "owner=ada", "formula=a=b")
    with_them = cli("runs", "show", "retrain 001", "--json").json[0]["tags"]
    cli("runs", "tag", "retrain 001", "--delete", "owner")
    without = cli("runs", "show", "retrain 001", "--json").json[0]["tags"]

    assert set_two.status == 0
    assert (with_them["owner"], with_them["formula"]) == ("ada", "a=b")
    assert "owner" not in without


def test_a_tag_without_a_value_is_a_usage_error(cli: Invoke) -> None:
    assert cli("runs", "tag", "retrain 001", "owner").status == 2


def test_runs_are_moved_to_another_experiment_and_back(cli: Invoke) -> None:
    moved = cli("runs", "move", "retrain 003", "--to", "demo/churn")
    there = cli("runs", "list", "-e", "demo/churn", "--filter", "run_name = 'retrain 003'").rows
    nowhere = cli("runs", "move", "retrain 003", "--to", "demo/chorn")
    back = cli("runs", "move", "retrain 003", "--to", "demo/demand-forecast")

    assert "1 moved to demo/churn." in moved.err
    assert "1 of them came from demo/demand-forecast." in moved.err
    assert [row["experiment"] for row in there] == ["demo/churn"]
    assert (nowhere.status, "Did you mean 'demo/churn'?" in nowhere.err) == (3, True)
    assert back.status == 0


def test_runs_go_into_the_trash_and_out_again(cli: Invoke) -> None:
    deleted = cli("runs", "delete", "retrain 002", "--yes")
    in_trash = cli("runs", "list", "--view", "deleted").rows
    active = cli("runs", "search", "run_name = 'retrain 002'").rows
    again = cli("runs", "delete", "retrain 002", "--yes")
    restored = cli("runs", "restore", "retrain 002")

    assert (deleted.status, again.status, restored.status) == (0, 1, 0)
    assert [row["run_name"] for row in in_trash] == ["retrain 002"]
    assert active == []
    assert cli("runs", "search", "run_name = 'retrain 002'").rows


def test_csv_has_a_column_for_each_key_and_a_line_for_each_run(cli: Invoke, tmp_path: Path) -> None:
    target = tmp_path / "churn.csv"

    done = cli("runs", "export", "-e", "demo/churn", "-o", str(target))

    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert done.status == 0, done.err
    assert len(rows) == len(cli("runs", "list", "-e", "demo/churn", "-n", "0").rows)
    assert {"run_id", "params.max_depth", "metrics.valid/auc", "tags.mlflow.user"} <= rows[0].keys()
    assert {row["params.fold"] for row in rows} == {"", "1", "2", "3", "4", "5"}


def test_json_is_exported_to_a_pipe(cli: Invoke) -> None:
    shown = cli(
        "runs", "export", "-f", "json", "--columns", "run_id,status", "--filter", "status = 'RUNNING'"
    )

    assert [run["status"] for run in json.loads(shown.out)] == ["RUNNING", "RUNNING"]


def test_parquet_has_typed_columns(cli: Invoke, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    runs, points = tmp_path / "runs.parquet", tmp_path / "points.parquet"

    cli("runs", "export", "-o", str(runs), "-e", "demo/image-classifier")
    done = cli("experiments", "export", "demo/image-classifier", "--points", "-o", str(points))

    table, history = parquet.read_table(runs), parquet.read_table(points)
    types = {
        name: str(table.schema.field(name).type)
        for name in ("start_time", "params.epochs", "metrics.val/loss")
    }
    assert types == {
        "start_time": "timestamp[ms, tz=UTC]",
        "params.epochs": "string",
        "metrics.val/loss": "double",
    }
    assert history.num_rows > 1000
    assert f"{history.num_rows:,} points" in done.err


def test_a_file_of_no_known_kind_is_a_usage_error(cli: Invoke, tmp_path: Path) -> None:
    shown = cli("runs", "export", "-o", str(tmp_path / "runs.xyz"))

    assert shown.status == 2
    assert "csv, json, jsonl, parquet" in shown.err


def test_a_run_that_has_ended_is_watched_once(cli: Invoke) -> None:
    shown = cli("runs", "watch", "retrain 001", "-m", "mape")

    assert shown.status == 0
    step, key, value = shown.out.strip().split("\t")
    assert (step, key) == ("0", "mape")
    assert 0 < float(value) < 1
    assert "has ended: FINISHED" in shown.err


def test_the_end_of_a_watched_run_can_be_the_exit_status(cli: Invoke) -> None:
    failed = cli("runs", "search", "status = 'FAILED'", "-n", "1").rows[0]["run_id"]

    assert cli("runs", "watch", failed).status == 0
    assert cli("runs", "watch", failed, "--exit-status").status == 1


def test_no_run_at_all_says_how_to_make_some(cli: Invoke) -> None:
    cli("experiments", "create", "never-run")

    assert "fluvial demo" in cli("runs", "list", "-e", "never-run").err


def test_a_store_that_is_not_there_is_not_made_by_looking(cli: Invoke, tmp_path: Path) -> None:
    shown = cli("runs", "list", "--tracking-uri", str(tmp_path / "none"))

    assert shown.status == 3
    assert "fluvial demo" in shown.err
    assert not (tmp_path / "none").exists()


def test_an_unreachable_server_is_said_with_the_command_that_looks_into_it(cli: Invoke) -> None:
    shown = cli("runs", "list", "--tracking-uri", "http://127.0.0.1:1")

    assert shown.status == 4
    assert "fluvial doctor" in shown.err


def churn_models(cli: Invoke) -> set[str]:
    listed = cli("runs", "list", "-e", "demo/churn", "-n", "0", "--columns", "params.model").rows
    return {row["params.model"] for row in listed}


def test_runs_are_grouped_with_statistics_of_their_metrics(cli: Invoke) -> None:
    options = ("-e", "demo/churn", "--by", "params.model", "-m", "metrics.auc_mean")
    shown = cli("runs", "group", *options, "--sort-by", "metrics.auc_mean", "--desc")

    assert {row["params.model"] for row in shown.rows} == churn_models(cli)
    means = [float(row["metrics.auc_mean mean"]) for row in shown.rows]
    assert means == sorted(means, reverse=True)
    as_json = cli("runs", "group", *options, "--json").json
    assert sum(group["n_runs"] for group in as_json) == sum(int(row["runs"]) for row in shown.rows)


def test_facets_count_values_and_spread_numbers(cli: Invoke) -> None:
    shown = cli("runs", "facets", "params.model", "metrics.auc_mean", "-e", "demo/churn", "--json").json

    assert {one["value"] for one in shown[0]["values"]} == churn_models(cli)
    assert sum(shown[1]["histogram"]["counts"]) == shown[1]["n_runs"]
    plain = cli("runs", "facets", "params.model", "-e", "demo/churn")
    assert [row["params.model"] for row in plain.rows] == [one["value"] for one in shown[0]["values"]]
