"""Media series: what is refused, what is kept, and images that MLflow's client sends."""

from __future__ import annotations

from dataclasses import dataclass

import mlflow
import numpy as np
import pytest
from mlflow.tracking import MlflowClient

from fluvial.errors import InvalidRequest
from fluvial.services.platform import Platform
from fluvial.store.media import pack, unpack
from fluvial.wire.media import (
    LIST_MEDIA,
    LOG_MEDIA,
    HistogramBins,
    ListMedia,
    LogMedia,
    MediaItem,
)
from tests.server_process import ServerProcess
from tests.services.making import start


@dataclass
class Series:
    """A run with 25 items of two series."""

    platform: Platform
    run_id: str

    def find(self, **wanted: object) -> list[tuple[str, int]]:
        request = ListMedia(run_id=self.run_id, **wanted)  # type: ignore[arg-type]
        page = self.platform.call(LIST_MEDIA, request)
        return [(item.key, item.step) for item in page.items]


@pytest.fixture
def series(platform: Platform) -> Series:
    run_id = start(platform)
    items = [
        MediaItem(key=key, kind=kind, step=step, timestamp=1, path=f"{key}/{step}")
        for key, kind, n in (("b", "image", 20), ("a", "html", 5))
        for step in range(n)
    ]
    platform.call(LOG_MEDIA, LogMedia(run_id=run_id, items=tuple(items)))
    platform.call(LOG_MEDIA, LogMedia(run_id=run_id, items=tuple(items)))
    return Series(platform, run_id)


def test_items_are_found_by_kind_key_and_step_and_in_pages(series: Series) -> None:
    assert len(series.find()) == 25
    assert series.find(kinds=("html",)) == [("a", step) for step in range(5)]
    assert series.find(keys=("b",), start_step=3, end_step=4) == [("b", 3), ("b", 4)]

    page = series.platform.call(LIST_MEDIA, ListMedia(run_id=series.run_id, max_results=24))
    rest = ListMedia(run_id=series.run_id, max_results=24, page_token=page.next_page_token)
    (last,) = series.platform.call(LIST_MEDIA, rest).items
    assert (last.key, last.step) == ("b", 19)


@pytest.mark.parametrize(
    "item",
    [
        MediaItem(key="", kind="image", path="a"),
        MediaItem(key="k", kind="film", path="a"),
        MediaItem(key="k", kind="image", path="../a"),
        MediaItem(key="k", kind="image", path="a", step=2**63),
        MediaItem(key="k", kind="image", path="a", caption="x" * 2001),
        MediaItem(key="k", kind="histogram"),
        MediaItem(key="k", kind="histogram", histogram=HistogramBins(edges=(0.0,), counts=())),
        MediaItem(key="k", kind="histogram", histogram=HistogramBins(edges=(1.0, 0.0), counts=(1,))),
        MediaItem(key="k", kind="histogram", histogram=HistogramBins(edges=(0.0, 1.0), counts=(-1,))),
    ],
)
def test_an_item_that_is_none_refuses_all(platform: Platform, item: MediaItem) -> None:
    run_id = start(platform)
    good = MediaItem(key="k", kind="image", path="good")

    with pytest.raises(InvalidRequest):
        platform.call(LOG_MEDIA, LogMedia(run_id=run_id, items=(good, item)))

    assert platform.call(LIST_MEDIA, ListMedia(run_id=run_id)).items == ()


def test_a_distribution_takes_few_bytes() -> None:
    counts, edges = np.histogram(np.random.default_rng(1).normal(size=10_000), bins=64)
    least, greatest = float(edges[0]), float(edges[-1])
    even = tuple([least + (greatest - least) * (i / 64) for i in range(64)] + [greatest])
    bins = HistogramBins(edges=even, counts=tuple(counts.tolist()))
    uneven = HistogramBins(edges=(0.0, 0.1, 7.0), counts=(1, 2), n_not_finite=3)

    assert unpack(pack(bins)) == bins
    assert unpack(pack(uneven)) == uneven
    assert len(pack(bins)) < 200


def test_images_that_mlflows_client_logs_are_listed(server: ServerProcess) -> None:
    client = MlflowClient(server.url)
    run = client.create_run("0")
    mlflow.set_tracking_uri(server.url)
    client.log_image(run.info.run_id, np.zeros((4, 4, 3), dtype="uint8"), key="val/sample", step=5)

    answer = server.post("/api/1.0/fluvial/runs/media", run_id=run.info.run_id)

    (item,) = answer.json["items"]
    assert (item["key"], item["kind"], item["step"]) == ("val/sample", "image", 5)
    assert server.get("/get-artifact", run_id=run.info.run_id, path=item["path"]).body.startswith(b"\x89PNG")
