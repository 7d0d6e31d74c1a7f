"""README's numbers are the ones that were measured."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import SCRIPTS, table

ROOT = Path(__file__).parents[2]


def test_the_readme_shows_the_kept_results() -> None:
    assert table() in (ROOT / "README.md").read_text()


def test_every_script_is_listed() -> None:
    scripts = {path.stem for path in (ROOT / "bench").glob("*.py")}

    assert scripts - {"__init__", "__main__", "databases", "peer", "report", "run_data"} == set(SCRIPTS)
