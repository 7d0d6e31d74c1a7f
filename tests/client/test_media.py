"""Series of images, audio, video, tables, pages, points and molecules."""

from __future__ import annotations

import io
import json
import struct
import wave
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fluvial
from fluvial.errors import InvalidRequest
from fluvial.wire.media import MediaItem


def listed(run: fluvial.ActiveRun, kind: str | None = None) -> list[MediaItem]:
    return fluvial.FluvialClient().list_media(run.info.run_id, kind=kind)


def content(item: MediaItem, folder: Path) -> bytes:
    path = fluvial.FluvialClient().download_artifacts(item.run_id, item.path, str(folder))
    return Path(path).read_bytes()


def test_media_are_listed_by_key_and_step_with_their_captions(tracking: str, tmp_path: Path) -> None:
    clip = tmp_path / "clip.webm"
    clip.write_bytes(b"webm")
    with fluvial.start_run() as run:
        for step in (2, 1):
            run.log({"sample": fluvial.Image(np.zeros((4, 4), "uint8"), caption=f"at {step}")}, step=step)
        run.log(
            {
                "tone": fluvial.Audio(np.linspace(-1, 1, 100), sample_rate=8000, caption="rising"),
                "clip": fluvial.Video(clip),
                "page": fluvial.Html("<b>hello</b>"),
                "rows": fluvial.Table({"a": [1, 2], "b": ["x", "y"]}),
                "frame": pd.DataFrame({"a": [1]}),
                "scan": fluvial.PointCloud([[0, 1, 2, 255, 0, 0], [3, 4, 5, 0, 255, 0]]),
                "water": fluvial.Molecule("3\n\nO 0 0 0\nH 0 0 1\nH 0 1 0\n", format="xyz"),
                "pair": [fluvial.Html("first"), fluvial.Html("second")],
            },
            step=3,
        )

    found = {item.key: item for item in listed(run)}
    assert [(item.step, item.caption) for item in listed(run, "image")] == [(1, "at 1"), (2, "at 2")]
    assert {key: item.kind for key, item in found.items()} == {
        "clip": "video",
        "frame": "table",
        "page": "html",
        "pair": "html",
        "rows": "table",
        "sample": "image",
        "scan": "points",
        "tone": "audio",
        "water": "molecule",
    }
    assert content(found["clip"], tmp_path) == b"webm"
    assert found["clip"].path.endswith(".webm")
    assert json.loads(content(found["rows"], tmp_path))["data"] == [[1, "x"], [2, "y"]]
    with wave.open(io.BytesIO(content(found["tone"], tmp_path))) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 100)
        assert struct.unpack("<2h", sound.readframes(1) + sound.readframes(1))[0] == -32767
    header, _, body = content(found["scan"], tmp_path).partition(b"end_header\n")
    assert b"element vertex 2" in header
    assert struct.unpack("<fff3B", body[:15]) == (0, 1, 2, 255, 0, 0)
    texts = {content(item, tmp_path) for item in listed(run, "html")}
    assert texts == {b"<b>hello</b>", b"first", b"second"}


def test_what_is_no_media_is_refused_before_it_is_kept(tracking: str) -> None:
    with fluvial.start_run() as run:
        with pytest.raises(InvalidRequest, match="sample_rate"):
            fluvial.Audio([0.0])
        with pytest.raises(InvalidRequest, match="3 numbers"):
            fluvial.PointCloud([[1, 2]])

    assert listed(run) == []


def test_a_fork_has_the_media_of_its_origin_up_to_the_step(tracking: str, tmp_path: Path) -> None:
    with fluvial.start_run() as run:
        for step in range(3):
            run.log({"page": fluvial.Html(f"page {step}")}, step=step)
    with fluvial.fork_run(run.info.run_id, 1) as forked:
        forked.log({"page": fluvial.Html("page 2, again")}, step=2)

    found = listed(forked)

    assert [content(item, tmp_path) for item in found] == [b"page 0", b"page 1", b"page 2, again"]
    assert [item.run_id == run.info.run_id for item in found] == [True, True, False]
