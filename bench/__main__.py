"""Every measurement, one after the other; ends with the table that README.md shows."""

from __future__ import annotations

import importlib
import json

from bench.report import RESULTS

SCRIPTS = (
    "import_time",
    "install_size",
    "server_start",
    "log_metric",
    "end_to_end",
    "mlflow_client",
    "log_batch_load",
    "read_history",
    "killed_client",
)


def main() -> None:
    for script in SCRIPTS:
        print(f"== bench/{script}.py", flush=True)
        importlib.import_module(f"bench.{script}").main()
    print("\n" + table())


def table() -> str:
    """The kept results as a Markdown table."""
    lines = ["| measure | fluvial | MLflow 3.17.2 | ratio | script |", "|---|---|---|---|---|"]
    for script in SCRIPTS:
        for one in json.loads((RESULTS / f"{script}.json").read_text())["measures"]:
            peer = "" if one.get("peer") is None else f"{_number(one['peer'])} {one['unit']}"
            ratio = "" if one.get("ratio") is None else f"{_number(one['ratio'])}x"
            lines.append(
                f"| {one['name']} | {_number(one['fluvial'])} {one['unit']} | {peer} | {ratio} "
                f"| `bench/{script}.py` |"
            )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
