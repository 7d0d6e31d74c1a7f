"""Runs every script with one tracker, each in a process forked from here, and writes down what it left.

    python -m tests.parity.worker mlflow|fluvial URL FOLDER

The scripts are written for MLflow. For fluvial their import lines change, and nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import re
import sys
import traceback
import urllib.request
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

SCRIPTS = Path(__file__).parent / "scripts"
PRELOADED = ("numpy", "pandas", "matplotlib.pyplot", "PIL.Image", "sklearn.tree", "sklearn.linear_model")
MAX_RESULTS = 1000
WARM_UP = "read_artifacts.py"


class Platform:
    """What is on a server, read over REST."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: set[str] = set()

    def news(self) -> dict[str, Any]:
        """Experiments and runs that were not there the last time, with everything that belongs to them."""
        search = {"max_results": MAX_RESULTS, "view_type": "ALL"}
        experiments = self._post("experiments/search", search)["experiments"]
        found = self._post(
            "runs/search",
            {
                "experiment_ids": [experiment["experiment_id"] for experiment in experiments],
                "run_view_type": "ALL",
                "max_results": MAX_RESULTS,
            },
        )
        new = [run for run in found.get("runs", []) if self._is_new(run["info"]["run_id"])]
        return {
            "experiments": [e for e in experiments if self._is_new(f"experiment {e['experiment_id']}")],
            "runs": [self._whole(run) for run in new],
        }

    def _whole(self, run: dict[str, Any]) -> dict[str, Any]:
        run_id = run["info"]["run_id"]
        keys = {metric["key"] for metric in run["data"].get("metrics", [])}
        histories = {
            key: self._get("metrics/get-history", run_id=run_id, metric_key=key, max_results="25000")[
                "metrics"
            ]
            for key in sorted(keys)
        }
        uri = run["info"]["artifact_uri"].partition(":")[2].strip("/")
        files = {path: self._read(f"{uri}/{path}").hex() for path in self._paths(run_id, "")}
        return {**run, "histories": histories, "files": files}

    def _paths(self, run_id: str, folder: str) -> list[str]:
        found: list[str] = []
        for entry in self._get("artifacts/list", run_id=run_id, path=folder).get("files", []):
            found += self._paths(run_id, entry["path"]) if entry.get("is_dir") else [entry["path"]]
        return found

    def _is_new(self, name: str) -> bool:
        is_new = name not in self._seen
        self._seen.add(name)
        return is_new

    def _read(self, path: str) -> bytes:
        with urllib.request.urlopen(
            f"{self._url}/api/2.0/mlflow-artifacts/artifacts/{quote(path)}"
        ) as answer:
            content: bytes = answer.read()
        return content

    def _get(self, path: str, /, **query: str) -> dict[str, Any]:
        url = f"{self._url}/api/2.0/mlflow/{path}?{urlencode(query)}"
        with urllib.request.urlopen(url) as answer:
            said: dict[str, Any] = json.load(answer)
        return said

    def _post(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._url}/api/2.0/mlflow/{path}",
            json.dumps(message).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            said: dict[str, Any] = json.load(answer)
        return said


def source_for(tracker: str, script: Path) -> str:
    """A script as it is written for a tracker: only the import lines differ."""
    source = script.read_text()
    if tracker == "mlflow":
        return source
    source = re.sub(r"^import mlflow$", f"import {tracker} as mlflow", source, flags=re.MULTILINE)
    return re.sub(r"^from mlflow\b", f"from {tracker}", source, flags=re.MULTILINE)


def preload(tracker: str) -> None:
    """Load once, for all forks, what a script would load by itself."""
    for name in PRELOADED:
        importlib.import_module(name)
    reader, writer = os.pipe()
    if not os.fork():
        run(tracker, SCRIPTS / WARM_UP)
        os.write(writer, " ".join(sys.modules).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as loaded:
        for name in loaded.read().split():
            if name not in sys.modules and not name.startswith(("__main__", "tests.")):
                with contextlib.suppress(ImportError):  # modules that were made by hand
                    importlib.import_module(name)


def run(tracker: str, script: Path) -> None:
    """Run a script as the main program."""
    sys.argv = [str(script)]
    code = compile(source_for(tracker, script), str(script), "exec")
    exec(code, {"__name__": "__main__", "__file__": str(script)})


def end(tracker: str, script: Path) -> NoReturn:
    """Run a script and end as a program does, without the second that taking Python down would cost."""
    status: Any = 0
    try:
        run(tracker, script)
    except SystemExit as error:
        status = error.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(int(status))


def main() -> None:
    """Run the scripts, each in a child."""
    tracker, url, folder = sys.argv[1:]
    preload(tracker)
    platform = Platform(url)
    platform.news()
    gc.freeze()
    for script in sorted(SCRIPTS.glob("*.py")):
        pid = os.fork()
        if not pid:
            end(tracker, script)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        left = {"status": status, **platform.news()}
        Path(folder, f"{script.stem}.json").write_text(json.dumps(left))


if __name__ == "__main__":
    main()
