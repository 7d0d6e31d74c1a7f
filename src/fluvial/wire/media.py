"""Series of what is no number: distributions, images, audio, video, tables, pages, points, molecules.

Each item has a step and a caption. The content of a distribution is in the item itself; the others are
artifacts, which the item names, so that nothing has to be looked for in the store.
"""

from __future__ import annotations

from fluvial.entities.noun import Noun
from fluvial.wire.endpoint import Empty, Endpoint, Message
from fluvial.wire.runs import OfRun

HISTOGRAM = "histogram"
KINDS = (HISTOGRAM, "image", "audio", "video", "table", "html", "points", "molecule")

MAX_ITEMS = 1000  # of a call
MAX_BINS = 10_000
MAX_CAPTION_CHARS = 2000


class HistogramBins(Noun, frozen=True):
    """How many values lie between which edges.

    Attributes:
        edges: Rising; one more than counts.
        counts: Of each bin.
        n_not_finite: How many values were NaN or infinite.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_not_finite: int = 0


class MediaItem(Noun, frozen=True):
    """One item of a series.

    Attributes:
        key: Name of the series.
        kind: One of `KINDS`.
        step: Training step.
        timestamp: When it was logged, ms since the epoch.
        caption: For people.
        path: The artifact; empty for a histogram.
        run_id: Which run has the artifact, in answers: another one where a fork goes on with its history.
        histogram: The distribution, of a histogram.
    """

    key: str
    kind: str
    step: int = 0
    timestamp: int = 0
    caption: str = ""
    path: str = ""
    run_id: str = ""
    histogram: HistogramBins | None = None


class LogMedia(OfRun, frozen=True, kw_only=True):
    """Add items to series of a run; the files are uploaded as any artifact."""

    items: tuple[MediaItem, ...]


class ListMedia(Message, frozen=True, kw_only=True):
    """Items of a run, by key and step.

    Attributes:
        run_id: The run.
        kinds: Only of these kinds; of all where there are none.
        keys: Only of these series; of all where there are none.
        start_step: First step to look at.
        end_step: Last step to look at.
        max_results: Page size, 1 to 10,000.
        page_token: Where the page before ended.
    """

    run_id: str
    kinds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    start_step: int | None = None
    end_step: int | None = None
    max_results: int = MAX_ITEMS
    page_token: str | None = None


class MediaPage(Message, frozen=True, kw_only=True):
    """A page of items; `next_page_token` is absent on the last."""

    items: tuple[MediaItem, ...] = ()
    next_page_token: str | None = None


LOG_MEDIA = Endpoint("POST", "/api/1.0/fluvial/runs/log-media", LogMedia, Empty)
LIST_MEDIA = Endpoint("POST", "/api/1.0/fluvial/runs/media", ListMedia, MediaPage, is_repeatable=True)
