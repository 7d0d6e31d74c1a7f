"""Every measurement, one after the other; ends with the tables in docs/measured.md and README.md.

python -m bench              all of them
python -m bench import_time  some of them
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from bench.report import RESULTS

SCRIPTS = (
    "import_time",
    "cli_start",
    "install_size",
    "server_start",
    "log_metric",
    "capture_overhead",
    "end_to_end",
    "mlflow_client",
    "log_batch_load",
    "read_history",
    "killed_client",
    "log_latency",
    "outage_memory",
    "kill_servers",
    "capacity",
    "soak",
    "ingest",
    "chart",
    "log_metric_requests",
    "search_runs",
    "environment_restore",
    "web",
    "cardinality",
    "registry",
    "log_model",
    "pyfunc",
)
# What a reader of README.md in a hurry wants to know; docs/measured.md has all.
IN_SHORT = (
    "import",
    "server ready",
    "idle memory",
    "log_metric, median",
    "training loop: time in calls of the tracker, beside MLflow",
    "log_metric to committed",
    "points lost",
    "log-metric requests of 32 clients, SQLite",
    "MLflow's client: create_run + batch of 10+10",
    "read 1 M points",
    "search 100,000 runs, SQLite, median",
    "search 1,000,000 runs, SQLite, p95",
    "ingest, PostgreSQL, compaction running",
    "after compaction, PostgreSQL",
    "chart of 100 runs x 1,000,000 points, 1,000 buckets, PostgreSQL",
    "runs page, 100,000 runs: to the table, warm",
    "log_model of a small scikit-learn model with input example",
    "what pyfunc adds to a prediction of one row",
    "the same environment again",
)
ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def main() -> None:
    for script in sys.argv[1:] or SCRIPTS:
        print(f"== bench/{script}.py", flush=True)
        importlib.import_module(f"bench.{script}").main()
    for path, table in tables().items():
        before, _, rest = path.read_text().partition(BEGIN)
        path.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}")


def tables() -> dict[Path, str]:
    """The kept results as Markdown tables, by the document that each stands in."""
    measures = [
        (script, one)
        for script in SCRIPTS
        for one in json.loads((RESULTS / f"{script}.json").read_text())["measures"]
    ]
    shown = [(script, one) for script, one in measures if one["name"] in IN_SHORT]
    return {
        ROOT / "docs/measured.md": "\n".join(
            [
                "| measure | fluvial | MLflow 3.17.2 | ratio | target | script |",
                "|---|---|---|---|---|---|",
                *(_row(*_numbers(one), _target(one), f"`bench/{script}.py`") for script, one in measures),
            ]
        ),
        ROOT / "README.md": "\n".join(
            [
                "| measure | fluvial | MLflow 3.17.2 | ratio | script |",
                "|---|---|---|---|---|",
                *(_row(*_numbers(one), f"`bench/{script}.py`") for script, one in shown),
            ]
        ),
    }


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.strip() for cell in cells)} |"


def _numbers(measure: dict[str, Any]) -> tuple[str, str, str, str]:
    unit, peer, ratio = measure["unit"], measure.get("peer"), measure.get("ratio")
    return (
        measure["name"],
        f"{_number(measure['fluvial'])} {unit}",
        "" if peer is None else f"{_number(peer)} {unit}",
        "" if ratio is None else f"{_number(ratio)}x",
    )


def _target(measure: dict[str, Any]) -> str:
    return measure["target"] if measure["is_met"] else f"**missed:** {measure['target']}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
