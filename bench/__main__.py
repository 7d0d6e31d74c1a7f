"""Every measurement, one after the other; ends with the table in README.md.

python -m bench              all of them
python -m bench import_time  some of them
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

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
    "cardinality",
    "registry",
    "log_model",
    "pyfunc",
)


README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    for script in sys.argv[1:] or SCRIPTS:
        print(f"== bench/{script}.py", flush=True)
        importlib.import_module(f"bench.{script}").main()
    begin, end = "<!-- measured -->", "<!-- /measured -->"
    text = re.sub(
        f"{begin}.*{end}", lambda _: f"{begin}\n{table()}\n{end}", README.read_text(), flags=re.DOTALL
    )
    README.write_text(text)


def table() -> str:
    """The kept results as a Markdown table."""
    lines = ["| measure | fluvial | MLflow 3.17.2 | ratio | script |", "|---|---|---|---|---|"]
    for script in SCRIPTS:
        for one in json.loads((RESULTS / f"{script}.json").read_text())["measures"]:
            unit, peer, ratio = one["unit"], one.get("peer"), one.get("ratio")
            cells = [
                one["name"],
                f"{_number(one['fluvial'])} {unit}",
                "" if peer is None else f"{_number(peer)} {unit}",
                "" if ratio is None else f"{_number(ratio)}x",
                f"`bench/{script}.py`",
            ]
            lines.append(f"| {' | '.join(cell.strip() for cell in cells)} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
