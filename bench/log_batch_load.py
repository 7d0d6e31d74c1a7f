"""Raw log-batch requests in JSON, 1,000 metrics each, from wrk to one worker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from bench.peer import Server, fluvial_server, mlflow_server
from bench.report import measured, report

N_RUNS = 3
SECONDS = 8
N_METRICS = 1000
N_BODIES = 64


def main() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("This measurement needs wrk: apt-get install wrk")
    with fluvial_server() as server:
        ours = [_load(server) for _ in range(N_RUNS)]
    with mlflow_server() as peer:
        theirs = [_load(peer)]
    report(
        "log_batch_load",
        [measured("log-batch over HTTP, one worker", "metrics/s", ours, peer=theirs, above=300_000)],
    )


def _load(server: Server) -> float:
    run_id = _post(server, "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder, "bodies.txt")
        bodies.write_text("\n".join(json.dumps(_batch(run_id, number)) for number in range(N_BODIES)))
        script = Path(folder, "batch.lua")
        script.write_text(
            'wrk.method = "POST"\n'
            'wrk.headers["Content-Type"] = "application/json"\n'
            "local requests, number = {}, 0\n"
            "function init()\n"
            f'  for line in io.lines("{bodies}") do\n'
            "    requests[#requests + 1] = wrk.format(nil, nil, nil, line)\n"
            "  end\n"
            "end\n"
            "function request()\n"
            "  number = number + 1\n"
            "  return requests[(number - 1) % #requests + 1]\n"
            "end\n"
        )
        url = f"{server.url}/api/2.0/mlflow/runs/log-batch"
        command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "--timeout", "20s", "-s", str(script), url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"The server refused requests:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(f"wrk said nothing of requests:\n{output}")
    return float(found[1]) * N_METRICS


def _batch(run_id: str, number: int) -> dict[str, object]:
    """New points for 10 metrics; the same again would be slower for MLflow."""
    first = number * N_METRICS
    metrics = [
        {"key": f"m{i % 10}", "value": 0.123 * i, "timestamp": 1_800_000_000_000 + i, "step": i // 10}
        for i in range(first, first + N_METRICS)
    ]
    return {"run_id": run_id, "metrics": metrics}


def _post(server: Server, path: str, message: dict[str, object]) -> dict[str, dict[str, dict[str, str]]]:
    request = urllib.request.Request(
        f"{server.url}/api/2.0/mlflow/{path}",
        json.dumps(message).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        made: dict[str, dict[str, dict[str, str]]] = json.load(answer)
    return made


if __name__ == "__main__":
    main()
