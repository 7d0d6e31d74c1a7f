"""The documents' numbers are the ones that were measured."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import IN_SHORT, SCRIPTS, tables

ROOT = Path(__file__).parents[2]


def test_the_documents_show_the_kept_results() -> None:
    for document, table in tables().items():
        assert table in document.read_text()
        assert "README" not in document.name or table.count("\n") == len(IN_SHORT) + 1


def test_every_script_is_listed() -> None:
    scripts = {path.stem for path in (ROOT / "bench").glob("*.py")}

    assert scripts - {"__init__", "__main__", "databases", "peer", "report", "run_data"} == set(SCRIPTS)
