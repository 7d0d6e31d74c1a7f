"""An exported experiment is read by DuckDB and Polars, and is whole or not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import polars
import pytest

import fluvial
from fluvial.errors import InvalidRequest
from tests.server_process import ServerProcess

LOG = """
import sys, fluvial
fluvial.set_tracking_uri(sys.argv[1])
fluvial.set_experiment(sys.argv[2])
for number in range(5):
    with fluvial.start_run(run_name=f"run {number}"):
        fluvial.log_params({"lr": 0.1 * number, "ümlaut": "größe"})
        for step in range(100):
            acc = float("nan") if step == 7 else 1.0
            fluvial.log_metrics({"loss": step / (number + 1), "acc": acc}, step=step)
"""
EXPORT = """
import os, sys
from fluvial.client import export
import fluvial

export.PART_RUNS = 2
write, n_left = export._Parts.write, int(sys.argv[4])

def write_some(self, *what):
    global n_left
    n_left -= 1
    if n_left == 0:
        os.kill(os.getpid(), 9)
    write(self, *what)

export._Parts.write = write_some
fluvial.set_tracking_uri(sys.argv[1])
print(fluvial.export_experiment(sys.argv[2], sys.argv[3]))
"""


def run_python(code: str, *arguments: object, status: int = 0) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout


@pytest.fixture(params=["server", "local"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The tracking URI of a platform, and the name of an experiment there."""
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    if request.param == "server":
        server: ServerProcess = request.getfixturevalue("server")
        uri = server.url
    name = f"export-{tmp_path.name}"
    run_python(LOG, uri, name)
    return uri, name


def test_an_export_that_was_killed_goes_on_and_is_read_by_duckdb_and_polars(
    place: tuple[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "exported"
    run_python(EXPORT, *place, target, 9, status=-9)
    assert not target.exists()
    left = sorted((tmp_path / ".exported.part").rglob("*.parquet"))
    assert left

    kept = {file.relative_to(tmp_path / ".exported.part"): file.stat().st_mtime_ns for file in left}
    run_python(EXPORT, *place, target, -1)

    assert {name: (target / name).stat().st_mtime_ns for name in kept} == kept
    assert not (tmp_path / ".exported.part").exists()
    counted = {
        view: duckdb.sql(f"SELECT count(*) FROM '{target}/{view}/*.parquet'").fetchall()[0][0]  # noqa: S608
        for view in ("experiments", "runs", "params", "metrics", "points")
    }
    assert counted == {"experiments": 1, "runs": 5, "params": 10, "metrics": 10, "points": 1_000}

    points = polars.read_parquet(target / "points" / "*.parquet")
    assert points["value"].is_nan().sum() == 5
    last = points.filter((polars.col("key") == "loss") & (polars.col("step") == 99))
    assert sorted(last["value"].to_list()) == [99 / number for number in (5, 4, 3, 2, 1)]
    assert points.schema["timestamp"] == polars.Datetime("ms", "UTC")
    params = polars.read_parquet(target / "params" / "*.parquet")
    assert set(params.filter(polars.col("key") == "ümlaut")["value"]) == {"größe"}


def test_a_filter_chooses_runs_and_a_folder_that_is_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    run_python(LOG, uri, "study")
    fluvial.set_tracking_uri(uri)
    target = tmp_path / "some"

    written = fluvial.export_experiment("study", target, "params.lr = '0.1'", has_points=False)

    assert (written["runs"], written["params"], (target / "points").exists()) == (1, 2, False)
    with pytest.raises(InvalidRequest, match="is there already"):
        fluvial.export_experiment("study", target)
    assert (target / "export.json").exists()
