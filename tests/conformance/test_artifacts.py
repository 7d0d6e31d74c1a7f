from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases


def paths(client: Any, run_id: str, folder: str | None = None) -> list[tuple[str, bool, int | None]]:
    return [(each.path, each.is_dir, each.file_size) for each in client.list_artifacts(run_id, folder)]


def test_a_file_is_uploaded_listed_and_downloaded(client: Any, run_id: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    (tmp_path / "weights.bin").write_bytes(content)

    client.log_artifact(run_id, tmp_path / "weights.bin", "model/v1")
    (tmp_path / "down").mkdir()
    local = client.download_artifacts(run_id, "model/v1/weights.bin", tmp_path / "down")

    assert Path(local).read_bytes() == content
    assert paths(client, run_id) == [("model", True, None)]
    assert paths(client, run_id, "model/v1") == [("model/v1/weights.bin", False, len(content))]


def test_a_folder_is_uploaded_and_downloaded_whole(client: Any, run_id: str, tmp_path: Path) -> None:
    given = {"a.txt": "1", "sub/b.txt": "2", "sub/deep er/größe +50%.txt": "3", "sub/empty": ""}
    for name, text in given.items():
        (tmp_path / "up" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "up" / name).write_text(text)

    client.log_artifacts(run_id, tmp_path / "up", "all")
    (tmp_path / "down").mkdir()
    local = Path(client.download_artifacts(run_id, "all", tmp_path / "down"))

    assert {
        str(file.relative_to(local)): file.read_text() for file in local.rglob("*") if file.is_file()
    } == given


def test_listing_goes_one_level_deep_and_a_file_has_no_entries(client: Any, run_id: str) -> None:
    client.log_text(run_id, "12345", "a/b/c.txt")

    assert paths(client, run_id) == [("a", True, None)]
    assert paths(client, run_id, "a") == [("a/b", True, None)]
    assert paths(client, run_id, "a/b") == [("a/b/c.txt", False, 5)]
    assert paths(client, run_id, "a/b/c.txt") == []
    assert paths(client, run_id, "missing") == []


def test_an_artifact_that_is_not_there_is_not_found(client: Any, run_id: str) -> None:
    with pytest.raises(MlflowException, match=r"missing\.txt"):
        client.download_artifacts(run_id, "missing.txt")


def test_artifacts_are_deleted(client: Any, run_id: str) -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client.log_text(run_id, "1", "a/b.txt")
    client.log_text(run_id, "2", "c.txt")
    root = client.get_run(run_id).info.artifact_uri
    repository = get_artifact_repository(root, tracking_uri=client.tracking_uri)

    repository.delete_artifacts("a")
    repository.delete_artifacts("a")

    assert paths(client, run_id) == [("c.txt", False, 1)]


def test_runs_do_not_see_each_others_artifacts(client: Any, experiment_id: str, run_id: str) -> None:
    other = client.create_run(experiment_id).info.run_id

    client.log_text(run_id, "1", "mine.txt")

    assert paths(client, other) == []


def test_text_json_tables_and_images_are_logged_and_read_back(fluent: Any, tmp_path: Path) -> None:
    client = fluent.MlflowClient()
    with fluent.start_run() as run:
        fluent.log_text("hello", "note.md")
        fluent.log_dict({"a": [1, 2]}, "config.json")
        fluent.log_dict({"a": [1, 2]}, "config.yaml")
        fluent.log_table({"question": ["1"], "answer": ["a"]}, "table.json")
        fluent.log_table(pd.DataFrame({"question": ["2"], "answer": ["b"]}), "table.json")
        fluent.log_image(np.zeros((4, 4, 3), np.uint8), "black.png")
        fluent.log_image(np.zeros((4, 4, 3), np.uint8), key="frame", step=3)

    root = run.info.artifact_uri
    assert fluent.artifacts.load_text(f"{root}/note.md") == "hello"
    assert fluent.artifacts.load_dict(f"{root}/config.json") == {"a": [1, 2]}
    assert fluent.artifacts.load_image(f"{root}/black.png").size == (4, 4)
    table = fluent.load_table("table.json", run_ids=[run.info.run_id])
    assert table["answer"].tolist() == ["a", "b"]
    tags = client.get_run(run.info.run_id).data.tags
    assert json.loads(tags["mlflow.loggedArtifacts"]) == [{"path": "table.json", "type": "table"}]
    assert tags["mlflow.loggedImages"] == "True"
    assert [name for name, _, _ in paths(client, run.info.run_id)] == [
        "black.png", "config.json", "config.yaml", "images", "note.md", "table.json"
    ]  # fmt: skip
    (image,) = (name for name, _, _ in paths(client, run.info.run_id, "images") if name.endswith(".png"))
    assert "frame%step%3" in image or "frame+step+3" in image


def test_the_tables_of_all_runs_are_loaded_together(fluent: Any, experiment_id: str) -> None:
    for answer in ("a", "b"):
        with fluent.start_run():
            fluent.log_table({"answer": [answer]}, "table.json")

    assert sorted(fluent.load_table("table.json")["answer"]) == ["a", "b"]


def test_artifacts_of_a_run_are_reached_by_their_uri(fluent: Any) -> None:
    with fluent.start_run() as run:
        fluent.log_text("hello", "deep/note.txt")

    local = fluent.artifacts.download_artifacts(f"runs:/{run.info.run_id}/deep")
    listed = fluent.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="deep")

    assert Path(local, "note.txt").read_text() == "hello"
    assert [each.path for each in listed] == ["deep/note.txt"]


def test_a_page_downloads_an_artifact_by_run_and_path(
    client: Any, run_id: str, server: ServerProcess
) -> None:
    client.log_text(run_id, "<script>alert(1)</script>", "a/page.html")

    answer = server.get("/get-artifact", run_id=run_id, path="a/page.html")

    assert (answer.status, answer.text) == (200, "<script>alert(1)</script>")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_large_file_goes_through_in_both_directions(client: Any, run_id: str, tmp_path: Path) -> None:
    block = np.random.default_rng(7).bytes(1 << 20)
    with (tmp_path / "large.bin").open("wb") as file:
        for _ in range(32):
            file.write(block)

    client.log_artifact(run_id, tmp_path / "large.bin")
    (tmp_path / "down").mkdir()
    local = client.download_artifacts(run_id, "large.bin", tmp_path / "down")

    assert Path(local).stat().st_size == 32 << 20
    assert Path(local).read_bytes()[-len(block) :] == block
