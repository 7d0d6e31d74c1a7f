from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


def made(cli: Invoke, folder: Path, seed: int) -> list[tuple[str, object]]:
    """What a demo of this seed makes in a new store."""
    cli("demo", "--runs", "20", "--seed", str(seed), "--tracking-uri", str(folder))
    runs = cli("runs", "list", "-n", "0", "--json", "--tracking-uri", str(folder)).json
    return sorted((run["run_id"], json.dumps([run["params"], run["metrics"]])) for run in runs)


def test_the_same_seed_makes_the_same_runs_and_another_makes_others(cli: Invoke, tmp_path: Path) -> None:
    first, second, other = (made(cli, tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))

    assert first == second
    assert not {run_id for run_id, _ in first} & {run_id for run_id, _ in other}


def test_the_same_seed_again_adds_nothing(cli: Invoke, tmp_path: Path) -> None:
    before = made(cli, tmp_path, 1)

    again = cli("demo", "--runs", "20", "--seed", "1", "--tracking-uri", str(tmp_path), "--json").json[0]

    assert (again["runs"], again["known"]) == (0, len(before))
    assert made(cli, tmp_path, 1) == before


@pytest.mark.parametrize(
    "filter_text",
    [
        "status = 'RUNNING'",
        "status = 'FAILED'",
        "metrics.`val/loss` IS NAN",
        "tags.`mlflow.parentRunId` LIKE '%'",
        "datasets.name = 'customers'",
        "tags.`mlflow.note.content` LIKE '%'",
    ],
)
def test_the_demo_has_something_of_every_kind(cli: Invoke, filter_text: str) -> None:
    assert cli("runs", "search", filter_text, "-n", "1").rows
