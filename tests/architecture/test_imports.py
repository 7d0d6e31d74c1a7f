from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLATFORM_ONLY = {
    "alembic", "backports", "click", "lark", "matplotlib", "numpy", "obstore", "pandas", "psycopg", "rich",
    "sqlalchemy", "starlette", "uvicorn",
}  # fmt: skip


def modules_after(program: str) -> set[str]:
    """The names of what a new process has loaded after it ran a program."""
    printed = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        cwd=ROOT / "src",
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return set(printed.split())


def test_importing_fluvial_loads_nothing_of_the_platform() -> None:
    loaded = modules_after("import fluvial")

    assert {name.split(".")[0] for name in loaded} & PLATFORM_ONLY == set()
    assert {name for name in loaded if name.startswith(("fluvial.store", "fluvial.server"))} == set()


def test_the_whole_client_loads_nothing_of_the_platform() -> None:
    loaded = modules_after("import fluvial; fluvial.FluvialClient, fluvial.start_run, fluvial.log_metric")

    assert {name for name in loaded if name.startswith("fluvial.client")}
    assert {name.split(".")[0] for name in loaded} & PLATFORM_ONLY == set()


def test_imports_point_the_way_that_the_contracts_say() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    answer = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert answer.returncode == 0, answer.stdout
