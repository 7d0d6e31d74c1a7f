"""kill -9 in the middle of logging, then `fluvial sync`: what is lost, what is doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.peer import FLUVIAL, fluvial_server, run
from bench.report import measured, report

N_KILLS = 5
# Says, after each call, how many calls have returned: what the journal has acknowledged.
LOGGING = """
import os, sys
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
fluvial.set_experiment("killed")
active = fluvial.start_run()
print(active.info.run_id, flush=True)
step = 0
while True:
    fluvial.log_metric("loss", float(step), step=step)
    step += 1
    os.pwrite(int(sys.argv[2]), b"%012d" % step, 0)
"""
READING = """
import json, sys
import fluvial
client = fluvial.FluvialClient(sys.argv[1])
steps = [point.step for point in client.get_metric_history(sys.argv[2], "loss")]
print(json.dumps([len(steps), len(set(steps)), max(steps)]))
"""


def main() -> None:
    lost, doubled, n_points = 0, 0, 0
    with fluvial_server() as server:
        for kill in range(N_KILLS):
            n, distinct, acknowledged = _kill_once(server.url, 0.3 + 0.4 * kill)
            lost += max(0, acknowledged - distinct)
            doubled += n - distinct
            n_points += n
    print(f"{N_KILLS} clients killed, {n_points:,} points kept")
    report(
        "killed_client",
        [
            measured("points lost", "points", [lost], below=1),
            measured("points doubled", "points", [doubled], below=1),
        ],
    )


def _kill_once(url: str, after_s: float) -> tuple[int, int, int]:
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryFile() as counter,
        tempfile.NamedTemporaryFile() as said,
    ):
        client = subprocess.Popen(
            [sys.executable, "-c", LOGGING, url, str(counter.fileno())],
            env={**os.environ, "FLUVIAL_HOME": home},
            stdout=said,
            pass_fds=(counter.fileno(),),
        )
        while not (run_id := Path(said.name).read_text().strip()):
            time.sleep(0.01)
        time.sleep(after_s)
        client.send_signal(signal.SIGKILL)
        client.wait()
        acknowledged = int(os.pread(counter.fileno(), 12, 0))
        subprocess.run(
            [*FLUVIAL, "sync"],
            env={**os.environ, "FLUVIAL_HOME": home},
            capture_output=True,
            check=True,
        )
    n, distinct, _ = run(sys.executable, READING, url, run_id)
    return n, distinct, acknowledged


if __name__ == "__main__":
    main()
