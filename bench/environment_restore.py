"""How long it takes to have the environment of a scikit-learn model and start its Python: first, and again.

At first nothing is cached, neither environments nor downloaded packages. Both read the files that they wrote
themselves: fluvial its lock, MLflow its python_env.yaml, which names mlflow beside what the model imports.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from bench import peer
from bench.report import measured, report
from fluvial.models import environment, requirements
from fluvial.models.restore import restore

COLD_RUNS = 3
CACHED_RUNS = 7
SAVE = """
import sys, mlflow, numpy as np
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(np.eye(4), [0, 1, 0, 1])
mlflow.sklearn.save_model(model, sys.argv[1], input_example=np.eye(4))
print('""')
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cold, cached = _ours(Path(folder))
        peer_cold, peer_cached = _theirs(Path(folder))
    report(
        "environment_restore",
        [
            measured(
                "environment of a scikit-learn model, nothing cached", "s", cold, peer=peer_cold, below=30
            ),
            measured("the same environment again", "s", cached, peer=peer_cached, below=1),
        ],
    )


def _ours(folder: Path) -> tuple[list[float], list[float]]:
    model = folder / "ours"
    model.mkdir()
    environment.write(model, requirements.of_modules(["sklearn", "skops"]), mlflow_version="3.17.2")
    cold = []
    for i in range(COLD_RUNS):
        os.environ["UV_CACHE_DIR"] = str(folder / f"uv{i}")
        cold.append(_restored(model, folder / f"environments{i}"))
    return cold, [_restored(model, folder / "environments0") for _ in range(CACHED_RUNS)]


def _restored(model: Path, cache: Path) -> float:
    begun = time.perf_counter()
    restored = restore(environment.read(model), cache)
    subprocess.run([str(restored.python), "-I", "-c", "pass"], check=True)
    return time.perf_counter() - begun


def _theirs(folder: Path) -> tuple[list[float], list[float]]:
    model = folder / "theirs"
    peer.run(peer.mlflow_python(), SAVE, str(model))
    tools = peer.environment("virtualenv", "virtualenv").parent
    variables = {
        **peer.ENVIRONMENT,
        **peer.QUIET,
        "PATH": f"{tools}{os.pathsep}{peer.mlflow_python().parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_ENV_ROOT": str(folder / "mlflow"),
        "PIP_CACHE_DIR": str(folder / "pip"),
    }
    prepare = [str(peer.mlflow_python()), "-m", "mlflow", "models", "prepare-env"]
    prepare += ["--model-uri", str(model), "--env-manager", "virtualenv"]
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(prepare, env=variables, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return times[:1], times[1:]


if __name__ == "__main__":
    main()
