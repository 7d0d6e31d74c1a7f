from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


@pytest.fixture
def run_id(cli: Invoke) -> str:
    """A run with config.json and samples/step_last.txt."""
    found: str = cli("runs", "list", "-e", "demo/language-model", "-n", "1").rows[0]["run_id"]
    return found


def test_a_folder_is_listed_and_all_below_if_asked(cli: Invoke, run_id: str) -> None:
    top = cli("artifacts", "list", run_id).rows
    below = cli("artifacts", "list", run_id, "-r", "--json").json

    assert [row["path"] for row in top] == ["config.json", "samples/"]
    assert [entry["path"] for entry in below] == ["config.json", "samples/step_last.txt"]


def test_the_tree_shows_every_file(cli: Invoke, run_id: str) -> None:
    shown = cli("artifacts", "tree", run_id).out

    assert "├── config.json" in shown
    assert "    └── step_last.txt" in shown
    assert "2 files" in shown


def test_a_file_is_printed_as_it_is(cli: Invoke, run_id: str) -> None:
    assert json.loads(cli("artifacts", "cat", run_id, "config.json").out)["norm"] == "rms"


def test_a_path_that_is_none_is_not_found_and_the_nearest_is_named(cli: Invoke, run_id: str) -> None:
    for command in ("cat", "download"):
        shown = cli("artifacts", command, run_id, "confg.json")

        assert shown.status == 3
        assert "Did you mean config.json?" in shown.err


def test_what_was_uploaded_is_downloaded(cli: Invoke, run_id: str, tmp_path: Path) -> None:
    source = tmp_path / "plots"
    (source / "deep").mkdir(parents=True)
    (source / "a.bin").write_bytes(bytes(range(256)))
    (source / "deep" / "b.txt").write_text("b")

    uploaded = cli("artifacts", "upload", run_id, str(source), "--to", "review")
    downloaded = cli("artifacts", "download", run_id, "review", "-o", str(tmp_path / "copy"))

    copy = tmp_path / "copy" / "review" / "plots"
    assert uploaded.status == 0, uploaded.err
    assert downloaded.out.splitlines() == [str(copy / "a.bin"), str(copy / "deep" / "b.txt")]
    assert (copy / "a.bin").read_bytes() == bytes(range(256))
