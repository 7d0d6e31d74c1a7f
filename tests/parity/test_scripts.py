"""Programs that were written for MLflow leave the same on a server when only their import line changes.

Each script of `scripts/` runs with MLflow and with fluvial, each against an empty server of its own, so
that even the ids of experiments have to agree. What they left is compared field by field, over REST.
"""

from __future__ import annotations

import fcntl
import getpass
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.parity.worker import SCRIPTS
from tests.server_process import REPOSITORY, running_server

pytestmark = pytest.mark.timeout(300)  # all scripts run within the first test

NAMES = sorted(script.stem for script in SCRIPTS.glob("*.py"))
TRACKERS = ("mlflow", "fluvial")
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_DISABLE_AGENT_HINT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MPLBACKEND": "agg",
    # What fluvial captures beyond MLflow is tested elsewhere.
    **{
        f"FLUVIAL_CAPTURE_{what}": "false"
        for what in ("MACHINE", "COMMAND", "DIFF", "PACKAGES", "CONSOLE", "SEEDS", "SPEED", "SYSTEM_METRICS")
    },
    "FLUVIAL_CAPTURE_ENVIRONMENT": "none",
}
WORKER_TIMEOUT_S = 280
DONE = "done"

# Times that a script gives are long ago; those that are read from the clock are not compared.
NOW_MS = 1_700_000_000_000
MADE_UP_NAME = re.compile(r"\b[a-z]{3,}-[a-z]{3,}-\d{1,4}\b")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def pixels(content: bytes) -> Any:
    """What an image shows, however it is compressed."""
    with Image.open(io.BytesIO(content)) as image:
        return (image.size, np.asarray(image).tolist())


def preview(content: bytes) -> Any:
    """That it is an image; MLflow enlarges small ones."""
    with Image.open(io.BytesIO(content)) as image:
        return image.format


def value(content: bytes) -> Any:
    """What a JSON file says."""
    return json.loads(UUID.sub("UUID", content.decode()))


# How artifacts are compared that are not the same bytes: docs/compatibility.md says why.
READERS: dict[str, Callable[[bytes], Any]] = {".png": pixels, ".webp": preview, ".json": value}
ONLY_BYTES = {"figure": (".png",), "text_and_dict": (".json",), "files": (".json",)}


# What differs on purpose: docs/compatibility.md says why. By field: what MLflow leaves, what fluvial does.
EXPECTED: dict[str, dict[str, tuple[str, str]]] = {
    "interrupted_run": {"status": ("FAILED", "KILLED")},
    **{
        script: {"user_id": ("unknown", getpass.getuser())}
        for script in ("client_batch", "client_files", "client_runs", "search_pages")
    },
}


@pytest.fixture(scope="module")
def left(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders with what the scripts left, by tracker; made once for all processes of pytest."""
    folders = {tracker: run_folder / f"parity-{tracker}" for tracker in TRACKERS}
    with (run_folder / "parity.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((folder / DONE).exists() for folder in folders.values()):
            run_scripts(folders, tmp_path_factory)
    return folders


def run_scripts(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Run all scripts with both trackers, each against a server of its own."""
    with ExitStack() as stack:
        workers = {}
        for tracker, folder in folders.items():
            folder.mkdir()
            server = stack.enter_context(running_server(tmp_path_factory.mktemp(f"server-{tracker}")))
            workers[tracker] = start_worker(tracker, server.url, folder)
        said = {
            tracker: worker.communicate(timeout=WORKER_TIMEOUT_S)[0] for tracker, worker in workers.items()
        }
    assert [worker.returncode for worker in workers.values()] == [0, 0], said
    for folder in folders.values():
        (folder / DONE).touch()


def start_worker(tracker: str, url: str, folder: Path) -> subprocess.Popen[str]:
    """Start what runs the scripts with one tracker."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("FLUVIAL_", "MLFLOW_"))}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.parity.worker", tracker, url, str(folder)],
        cwd=REPOSITORY,
        env={
            **kept,
            **QUIET,
            "MLFLOW_TRACKING_URI": url,
            "FLUVIAL_HOME": str(folder / "home"),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(REPOSITORY / "src"), kept.get("PYTHONPATH")))),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def without_ids(run: dict[str, Any], names: dict[str, str]) -> str:
    """A run as text in which other runs are named by their names."""
    text = MADE_UP_NAME.sub("made up", json.dumps(run, sort_keys=True))
    for run_id, name in names.items():
        text = text.replace(run_id, f"<{MADE_UP_NAME.sub('made up', name)}>")
    return text


def comparable(run: dict[str, Any], script: str) -> dict[str, Any]:
    """A run without what cannot be the same: ids, times of the clock, user agent, name of the source."""
    info, data = run["info"], run["data"]
    tags = {tag["key"]: tag["value"] for tag in data.get("tags", [])}
    tags.pop("mlflow.source.name", None)
    return {
        "name": info["run_name"],
        **{
            key: info.get(key)
            for key in ("experiment_id", "user_id", "status", "lifecycle_stage", "artifact_uri")
        },
        "start_time": time_of(info["start_time"]),
        "end_time": time_of(info["end_time"]) if "end_time" in info else None,
        "ends_after_start": info.get("end_time", info["start_time"]) >= info["start_time"],
        "tags": tags,
        "params": {param["key"]: param["value"] for param in data.get("params", [])},
        "metrics": {metric["key"]: (metric["value"], metric["step"]) for metric in data.get("metrics", [])},
        "histories": {key: sorted(map(point_of, points)) for key, points in run["histories"].items()},
        "inputs": inputs_of(run.get("inputs", {})),
        "outputs": run.get("outputs"),
        "files": {
            UUID.sub("UUID", path): content_of(path, text, script) for path, text in run["files"].items()
        },
    }


def time_of(timestamp: int) -> int | str:
    """A time that a script gave; else that it was now."""
    return timestamp if timestamp < NOW_MS else "now"


def point_of(metric: dict[str, Any]) -> tuple[str, ...]:
    """A point, in a form that can be sorted with NaN."""
    about = (metric.get(key) for key in ("dataset_name", "dataset_digest", "model_id"))
    return tuple(map(str, (metric["step"], time_of(metric["timestamp"]), metric["value"], *about)))


def inputs_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """What a run read; fluvial computes other fingerprints, of which only the length is compared."""
    datasets = [
        {
            **{key: text for key, text in given["dataset"].items() if key != "digest"},
            "digest": len(given["dataset"]["digest"]),
            "tags": given.get("tags", []),
        }
        for given in inputs.get("dataset_inputs", [])
    ]
    return {**inputs, "dataset_inputs": sorted(datasets, key=lambda dataset: str(dataset["name"]))}


def content_of(path: str, text: str, script: str) -> Any:
    """An artifact: its bytes, or what they mean where the form is free."""
    content = bytes.fromhex(text)
    suffix = Path(path).suffix
    if suffix in READERS and suffix not in ONLY_BYTES.get(script, ()):
        return READERS[suffix](content)
    return content


def read(folder: Path, script: str) -> dict[str, Any]:
    """What a script left, in an order that does not depend on ids or threads."""
    whole: dict[str, Any] = json.loads((folder / f"{script}.json").read_text())
    names = {run["info"]["run_id"]: run["info"]["run_name"] for run in whole["runs"]}
    runs = [comparable(json.loads(without_ids(run, names)), script) for run in whole["runs"]]
    experiments = [
        {key: time_of(what) if key.endswith("_time") else what for key, what in experiment.items()}
        for experiment in whole["experiments"]
    ]
    return {
        "status": whole["status"],
        "experiments": sorted(experiments, key=lambda experiment: str(experiment["name"])),
        "runs": sorted(runs, key=lambda run: (run["name"], str(run["params"]))),
    }


def test_there_are_forty_scripts_and_more() -> None:
    assert len(NAMES) >= 40


@pytest.mark.parametrize("script", NAMES)
def test_a_script_leaves_the_same(script: str, left: dict[str, Path]) -> None:
    theirs, ours = (read(left[tracker], script) for tracker in TRACKERS)

    assert theirs["status"] == 0
    assert theirs["runs"]
    for field, values in EXPECTED.get(script, {}).items():
        for side, value in zip((theirs, ours), values, strict=True):
            assert {run.pop(field) for run in side["runs"]} == {value}
    assert ours == theirs
