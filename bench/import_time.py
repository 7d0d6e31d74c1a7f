"""`import fluvial` in a fresh process: time, memory, and what it loads."""

from __future__ import annotations

import sys

from bench.peer import mlflow_python, run
from bench.report import measured, report

N_RUNS = 7
CODE = """
import json, resource, sys, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
__import__(sys.argv[1])
elapsed = time.perf_counter() - begun
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
heavy = [name for name in ("numpy", "pandas", "sqlalchemy", "urllib3") if name in sys.modules]
print(json.dumps([elapsed * 1000, memory / 1000, heavy]))
"""


def main() -> None:
    ours = [run(sys.executable, CODE, "fluvial") for _ in range(N_RUNS)]
    theirs = [run(mlflow_python(), CODE, "mlflow") for _ in range(N_RUNS)]
    print(f"Heavy modules that import fluvial loads: {ours[0][2] or 'none'}")
    report(
        "import_time",
        [
            measured("import", "ms", [r[0] for r in ours], peer=[r[0] for r in theirs], below=100),
            measured(
                "memory after import", "MB", [r[1] for r in ours], peer=[r[1] for r in theirs], below=40
            ),
        ],
    )


if __name__ == "__main__":
    main()
