from __future__ import annotations

from tests.cli.conftest import Invoke


def test_experiments_are_listed_with_their_runs(cli: Invoke) -> None:
    rows = {row["name"]: row for row in cli("experiments", "list").rows}

    assert {
        "demo/churn",
        "demo/demand-forecast",
        "demo/image-classifier",
        "demo/language-model",
    } <= rows.keys()
    assert int(rows["demo/churn"]["runs"]) >= 12
    assert rows["demo/language-model"]["running"] == "2"


def test_a_search_finds_experiments_by_name(cli: Invoke) -> None:
    found = cli("experiments", "search", "name LIKE '%forecast'", "--json").json

    assert [each["experiment"]["name"] for each in found] == ["demo/demand-forecast"]


def test_an_experiment_is_shown_with_its_newest_runs(cli: Invoke) -> None:
    shown = cli("experiments", "show", "demo/demand-forecast").out

    assert "Retrained every day" in shown
    assert "retrain 001" in shown


def test_an_experiment_lives(cli: Invoke) -> None:
    created = cli("experiments", "create", "short-lived", "--tag", "team=risk")
    cli("experiments", "rename", "short-lived", "renamed")
    cli("experiments", "tag", "renamed", "owner=ada", "--delete", "team")
    tags = cli("experiments", "show", "renamed", "--json").json[0]["tags"]
    deleted = cli("experiments", "delete", "renamed", "--yes")
    in_trash = [row["name"] for row in cli("experiments", "list", "--view", "deleted").rows]
    restored = cli("experiments", "restore", created.out.strip())
    cli("experiments", "delete", "renamed", "--yes")

    assert tags == [{"key": "owner", "value": "ada"}]
    assert (deleted.status, restored.status) == (0, 0)
    assert in_trash == ["renamed"]


def test_experiments_are_compared_by_their_runs_and_shared_metrics(cli: Invoke) -> None:
    lines = cli("experiments", "compare", "demo/image-classifier", "demo/language-model", "--json").json

    values = {line["key"]: line["values"] for line in lines}
    assert values["runs"]["demo/language-model"] == 2
    assert values["least learning_rate"]["demo/image-classifier"] > 0


def test_an_experiment_with_nothing_running_is_watched_once(cli: Invoke) -> None:
    shown = cli("experiments", "watch", "demo/churn", "-n", "3")

    assert shown.status == 0
    assert len(shown.out.splitlines()) == 3
