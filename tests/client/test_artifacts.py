from __future__ import annotations

import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import fluvial
from fluvial.errors import InvalidRequest, NotFound

mpl.use("Agg")


def downloaded(run: fluvial.ActiveRun, path: str, target: Path) -> Path:
    """An artifact of a run, copied below a folder."""
    return Path(fluvial.FluvialClient().download_artifacts(run.info.run_id, path, str(target)))


def test_a_file_is_kept_as_it_was_when_it_was_logged(tracking: str, tmp_path: Path) -> None:
    source = tmp_path / "weights.bin"
    source.write_bytes(b"before")
    with fluvial.start_run() as run:
        fluvial.log_artifact(source, "model")
        source.write_bytes(b"after")

    assert downloaded(run, "model/weights.bin", tmp_path / "down").read_bytes() == b"before"


def test_a_folder_is_kept_with_what_is_below_it(tracking: str, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    (folder / "pages").mkdir(parents=True)
    (folder / "index.html").write_text("index")
    (folder / "pages/ä ö.html").write_text("umlauts")
    with fluvial.start_run() as run:
        fluvial.log_artifacts(folder, "site")
        fluvial.log_artifact(folder)

    client = fluvial.FluvialClient()
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["report", "site"]
    assert [file.path for file in client.list_artifacts(run.info.run_id, "site")] == [
        "site/index.html",
        "site/pages",
    ]
    there = downloaded(run, "site", tmp_path / "down")
    assert (there / "pages/ä ö.html").read_text() == "umlauts"
    assert (there / "index.html").read_text() == "index"


def test_text_and_dicts_are_kept_as_files(tracking: str, tmp_path: Path) -> None:
    content = {"rate": 0.5, "layers": [1, {"units": 2}], "empty": {}, "name": "a: b", "size": np.int64(3)}
    with fluvial.start_run() as run:
        fluvial.log_text("hello", "hello.txt")
        fluvial.log_dict(content, "settings.json")
        fluvial.log_dict(content, "settings.yaml")

    there = tmp_path / "down"
    assert downloaded(run, "hello.txt", there).read_text() == "hello"
    assert json.loads(downloaded(run, "settings.json", there).read_text()) == {**content, "size": 3}
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load(downloaded(run, "settings.yaml", there).read_text()) == {**content, "size": 3}


def test_a_figure_is_kept_in_the_format_of_its_name(tracking: str, tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().plot([1, 2])
    with fluvial.start_run() as run:
        fluvial.log_figure(figure, "plots/line.png")
        fluvial.log_figure(figure, "plots/line.svg")

    assert downloaded(run, "plots/line.png", tmp_path / "down").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in downloaded(run, "plots/line.svg", tmp_path / "down").read_text()


@pytest.mark.parametrize(
    "pixels",
    [
        np.arange(12, dtype=np.uint8).reshape(3, 4),
        np.arange(36, dtype=np.uint8).reshape(3, 4, 3),
        np.arange(48, dtype=np.uint8).reshape(3, 4, 4),
    ],
)
def test_an_array_is_kept_as_an_image(
    fresh: None, tmp_path: Path, pixels: np.typing.NDArray[np.uint8]
) -> None:
    with fluvial.start_run() as run:
        fluvial.log_image(pixels, "image.png")
        fluvial.log_image(pixels / 255, "fractions.png")

    for name in ("image.png", "fractions.png"):
        with Image.open(downloaded(run, name, tmp_path / "down")) as image:
            assert np.abs(np.asarray(image).astype(int) - pixels).max() <= 1


def test_images_with_a_key_are_a_series(fresh: None, tmp_path: Path) -> None:
    with fluvial.start_run() as run:
        for step in range(2):
            fluvial.log_image(Image.new("RGB", (4, 4)), key="eval/masks", step=step, timestamp=1000 + step)

    names = [file.path for file in fluvial.FluvialClient().list_artifacts(run.info.run_id, "images")]
    assert [re.sub("[0-9a-f-]{36}", "ID", name) for name in names] == [
        "images/eval~masks+step+0+timestamp+1000+ID+compressed.webp",
        "images/eval~masks+step+0+timestamp+1000+ID.png",
        "images/eval~masks+step+1+timestamp+1001+ID+compressed.webp",
        "images/eval~masks+step+1+timestamp+1001+ID.png",
    ]
    assert fluvial.get_run(run.info.run_id).data.tags["mlflow.loggedImages"] == "True"


def test_a_table_grows_by_what_is_logged_to_its_name(tracking: str, tmp_path: Path) -> None:
    with fluvial.start_run() as run:
        fluvial.log_table({"q": ["a", "b"], "n": [1, 2]}, "table.json")
        fluvial.log_table(pd.DataFrame({"q": ["c"], "n": [3]}), "table.json")
    with fluvial.start_run(run_id=run.info.run_id):
        fluvial.log_table({"q": "d", "n": 4}, "table.json")

    table = json.loads(downloaded(run, "table.json", tmp_path / "down").read_text())
    assert table == {"columns": ["q", "n"], "data": [["a", 1], ["b", 2], ["c", 3], ["d", 4]]}
    tags = fluvial.get_run(run.info.run_id).data.tags
    assert json.loads(tags["mlflow.loggedArtifacts"]) == [{"path": "table.json", "type": "table"}]


@pytest.mark.parametrize("name", ["../up.txt", "/root.txt", "a//b.txt", "a\\b.txt", ""])
def test_a_name_that_no_artifact_may_have_is_refused_at_the_call(fresh: None, name: str) -> None:
    with fluvial.start_run(), pytest.raises(InvalidRequest):
        fluvial.log_text("x", name)


def test_a_file_that_is_not_there_is_refused_at_the_call(fresh: None, tmp_path: Path) -> None:
    with fluvial.start_run():
        with pytest.raises(FileNotFoundError):
            fluvial.log_artifact(tmp_path / "missing")
        with pytest.raises(FileNotFoundError):
            fluvial.log_artifacts(tmp_path / "missing")


@pytest.mark.parametrize(
    ("log", "what"),
    [
        (lambda: fluvial.log_figure("x", "x.png"), "figure"),
        (lambda: fluvial.log_image("x", "x.png"), "image"),
        (lambda: fluvial.log_image(np.ones((2, 2, 7)), "x.png"), "shape"),
        (lambda: fluvial.log_image(np.ones((2, 2))), "either"),
        (lambda: fluvial.log_table([1], "x.json"), "frame"),
        (lambda: fluvial.log_table({"a": [1], "b": [1, 2]}, "x.json"), "length"),
        (lambda: fluvial.log_table({"a": [1]}, "x.csv"), ".json"),
    ],
)
def test_what_is_not_of_the_kind_is_refused_at_the_call(fresh: None, log: object, what: str) -> None:
    assert callable(log)
    with fluvial.start_run(), pytest.raises(InvalidRequest, match=what):
        log()


def test_what_was_never_logged_cannot_be_downloaded(tracking: str, tmp_path: Path) -> None:
    with fluvial.start_run() as run:
        pass

    with pytest.raises(NotFound):
        downloaded(run, "missing.txt", tmp_path)
    assert list(tmp_path.glob("**/*.part")) == []
