"""`log_metric` at full speed: one thread, eight threads, eight processes; how long, and what is lost."""

from __future__ import annotations

import subprocess
import sys

from bench.peer import fluvial_server, run
from bench.report import measured, report

N_RUNS = 3
N_CALLS = 100_000
N_TOGETHER = 8
# Takes the times outside of the calls, and reads back what arrived.
CODE = """
import json, sys, threading, time
import fluvial
url, n_threads, n_calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
fluvial.set_tracking_uri(url)
fluvial.set_experiment("log_latency")
taken = [[] for _ in range(n_threads)]
def log(number):
    times, key = taken[number], f"m{number}"
    for step in range(n_calls):
        begun = time.perf_counter_ns()
        fluvial.log_metric(key, 0.5, step=step, run_id=run.info.run_id)
        times.append(time.perf_counter_ns() - begun)
with fluvial.start_run() as run:
    fluvial.log_metric("warm", 0)
    threads = [threading.Thread(target=log, args=(n,)) for n in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
fluvial.flush()
arrived = sum(len(fluvial.get_metric_history(run.info.run_id, f"m{n}")) for n in range(n_threads))
times = sorted(time for part in taken for time in part)
print(json.dumps([times[int(len(times) * 0.99)] / 1000, n_threads * n_calls - arrived]))
"""


def main() -> None:
    with fluvial_server() as server:
        one = [run(sys.executable, CODE, server.url, "1", str(N_CALLS)) for _ in range(N_RUNS)]
        per_thread = str(N_CALLS // N_TOGETHER)
        threads = [run(sys.executable, CODE, server.url, str(N_TOGETHER), per_thread) for _ in range(N_RUNS)]
        processes = [_together(server.url) for _ in range(N_RUNS)]
    lost = sum(abs(n_lost) for _, n_lost in (*one, *threads, *(one for some in processes for one in some)))
    worst = [max(p99 for p99, _ in some) for some in processes]
    report(
        "log_latency",
        [
            measured("log_metric p99, 1 thread at full speed", "us", [p99 for p99, _ in one], below=20),
            measured("log_metric p99, 8 threads at full speed", "us", [p99 for p99, _ in threads], below=50),
            measured("log_metric p99, slowest of 8 processes at full speed", "us", worst, below=20),
            measured("points lost or doubled", "points", [lost], below=1),
        ],
    )


def _together(url: str) -> list[tuple[float, int]]:
    """p99 in µs and how many points are lost, of each of several processes at once."""
    command = [sys.executable, "-c", CODE, url, "1", str(N_CALLS)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(N_TOGETHER)]
    return [_answer(process) for process in processes]


def _answer(process: subprocess.Popen[str]) -> tuple[float, int]:
    printed, _ = process.communicate()
    p99, n_lost = printed.strip().strip("[]").split(",")
    return float(p99), int(n_lost)


if __name__ == "__main__":
    main()
