"""Memory of a client that logs ten million points while the server is away."""

from __future__ import annotations

import sys
import tempfile

from bench.peer import run
from bench.report import measured, report

N_POINTS = 10_000_000
CODE = """
import json, os, sys, tempfile
import psutil
os.environ["FLUVIAL_EXIT_TIMEOUT_S"] = "1"
import fluvial
me = psutil.Process()
n_points = int(sys.argv[1])
fluvial.set_tracking_uri("http://127.0.0.1:9")
sizes = []
with fluvial.start_run():
    for step in range(n_points):
        fluvial.log_metric("m", 0.5, step=step)
        if step % (n_points // 10) == n_points // 10 - 1:
            sizes.append(me.memory_info().rss / 1e6)
print(json.dumps(sizes))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        sizes = run(sys.executable, CODE, str(N_POINTS), FLUVIAL_HOME=home)
    report(
        "outage_memory",
        [
            measured("client's memory after 10 M points, server away", "MB", [sizes[-1]], below=100),
            measured("its growth from 1 M points to 10 M", "MB", [sizes[-1] - sizes[0]], below=20),
        ],
    )


if __name__ == "__main__":
    main()
