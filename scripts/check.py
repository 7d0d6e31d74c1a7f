"""Run every check and end with each runner's closing line.

    .venv/bin/python -m scripts.check all|static

All of them run, also where an early one fails, so that one run shows everything there is to mend.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup import ROOT, WEB, node_environment

BIN = ROOT / ".venv/bin"
TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Check:
    """One runner, and how to recognise the lines in which it sums up."""

    name: str
    command: tuple[str, ...]
    closing: str = r"\S"
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[bool, list[str]]:
        """Show what the runner prints as it comes; returns whether it passed, and its closing lines."""
        print(f"\n── {self.name}: {' '.join(self.command)}", flush=True)
        started = time.monotonic()
        lines = []
        with subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout is not None  # noqa: S101 (it is a pipe)
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(TERMINAL_COLOURS.sub("", line).strip())
        closing = [line for line in lines if re.search(self.closing, line)][-2:] or ["(it printed nothing)"]
        has_passed = process.returncode == 0
        word = "passed" if has_passed else f"FAILED with exit code {process.returncode}"
        return has_passed, [f"{self.name} {word} in {time.monotonic() - started:.0f} s", *closing]


def python_checks() -> list[Check]:
    """What is checked of the Python code without running it."""
    return [
        Check("ruff format", (f"{BIN}/ruff", "format", "--check", ".")),
        Check("ruff", (f"{BIN}/ruff", "check", ".")),
        Check("mypy", (f"{BIN}/mypy",)),
        Check("import-linter", (f"{BIN}/lint-imports",), closing=r"^Contracts: "),
    ]


def web_checks(node: dict[str, str]) -> list[Check]:
    """What is checked of the web app without running it."""
    return [
        Check("tsc", ("npm", "run", "--silent", "typecheck"), cwd=WEB, env=node),
        Check("lint of web/", ("npm", "run", "--silent", "lint"), cwd=WEB, env=node),
    ]


def tests(node: dict[str, str]) -> list[Check]:
    """What is checked by running it."""
    return [
        Check(
            "vitest", ("npm", "run", "--silent", "test"), closing=r"^(Test Files|Tests) ", cwd=WEB, env=node
        ),
        Check(
            "pytest",
            (f"{BIN}/python", "-m", "pytest", "-n", "2"),
            closing=r"\d+ (passed|failed|error)",
        ),
    ]


def main() -> int:
    """Run the checks that were asked for."""
    node = node_environment()
    checks = [*python_checks(), *web_checks(node)]
    if sys.argv[1] == "all":
        checks += tests(node)
    results = [check.run() for check in checks]
    print("\n── In short")
    for _, lines in results:
        print(lines[0])
        for line in lines[1:]:
            print(f"    {line}")
    failed = sum(not has_passed for has_passed, _ in results)
    print(f"\n{len(results) - failed} of {len(results)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
