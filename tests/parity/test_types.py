"""A program that type checkers hold to the strictest rules passes with the public names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fluvial
from tests.server_process import REPOSITORY

PROGRAM = """
from __future__ import annotations

import io

import pandas as pd

import fluvial
from fluvial import FluvialClient, MlflowClient, MlflowException
from fluvial.artifacts import download_artifacts, load_dict
from fluvial.entities import Metric, Param, RunTag, ViewType
from fluvial.exceptions import MlflowException as Error
from fluvial.tracking import MlflowClient as Client


def train(rate: float) -> float:
    with fluvial.start_run(run_name="typed", tags={"a": "b"}, nested=True) as run:
        fluvial.log_params({"rate": rate})
        fluvial.log_metric("loss", rate, step=1)
        operation = fluvial.log_metrics({"a": 1.0}, synchronous=False)
        if operation is not None:
            operation.wait()
        fluvial.set_tags({"stage": "draft"})
        fluvial.log_text("x", "x.txt")
        fluvial.log_dict({"a": [1]}, "x.json")
        fluvial.log_table(pd.DataFrame({"a": [1]}), "t.json")
        fluvial.log_stream(io.BytesIO(b"x"), "x.bin")
        fluvial.log_input(fluvial.data.from_pandas(pd.DataFrame({"a": [1]}), targets="a"), context="training")
        run_id: str = run.info.run_id
    found: fluvial.Run | None = fluvial.last_active_run()
    assert found is not None
    metrics: dict[str, float] = found.data.metrics
    frame: pd.DataFrame = fluvial.search_runs(filter_string="metrics.loss < 1")
    runs: list[fluvial.Run] = fluvial.search_runs(output_format="list")
    table: pd.DataFrame = fluvial.load_table("t.json", run_ids=[run_id])
    path: str = download_artifacts(run_id=run_id, artifact_path="x.txt")
    names: list[str] = [entry.path for entry in fluvial.artifacts.list_artifacts(run_id=run_id)]
    print(frame.shape, len(runs), table.shape, path, names, load_dict(f"runs:/{run_id}/x.json"))
    return metrics["loss"]


def manage(client: FluvialClient) -> None:
    try:
        experiment_id: str = client.create_experiment("typed")
    except (MlflowException, Error) as error:
        print(error)
        return
    run = client.create_run(experiment_id)
    client.log_batch(run.info.run_id, [Metric("m", 1.0, 0, 0)], [Param("p", "1")], [RunTag("t", "v")])
    page = client.search_runs([experiment_id], run_view_type=ViewType.ALL, max_results=1)
    token: str | None = page.token
    values: list[float] = [point.value for point in client.get_metric_history(run.info.run_id, "m")]
    print(token, values, page[0].info.status)
    client.set_terminated(run.info.run_id)


train(0.1)
manage(MlflowClient())
manage(Client())
"""


def test_a_program_of_a_user_passes_the_strictest_type_check_and_runs(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "FLUVIAL_HOME": str(tmp_path / "home"),
        "FLUVIAL_CAPTURE": "false",
        "PYTHONPATH": str(REPOSITORY / "src"),
        "MYPYPATH": str(REPOSITORY / "src"),
    }
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null", "--follow-imports=silent",
         "--cache-dir", str(tmp_path / "cache"), str(program)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    ran = subprocess.run(
        [sys.executable, str(program)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert ran.returncode == 0, ran.stderr


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(str(fluvial.__file__)).with_name("py.typed").exists()
