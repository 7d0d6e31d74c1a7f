"""Series of distributions, images, audio, video, tables, pages, points and molecules."""

from __future__ import annotations

import itertools
import math
import re

from fluvial.artifacts import checked_name
from fluvial.entities.keys import check_key
from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import media, runs
from fluvial.wire.endpoint import Empty
from fluvial.wire.media import (
    HISTOGRAM,
    KINDS,
    LIST_MEDIA,
    LOG_MEDIA,
    MAX_BINS,
    MAX_CAPTION_CHARS,
    MAX_ITEMS,
    HistogramBins,
    ListMedia,
    LogMedia,
    MediaItem,
    MediaPage,
)

MAX_PAGE = 10_000

# What clients of MLflow call an image of a series; "~" stands for the "/" of its key.
_MLFLOW_IMAGE = re.compile(
    r"\d+/(?P<run>[0-9a-f]{32})/artifacts/"
    r"(?P<path>images/(?P<key>[^/]+)\+step\+(?P<step>-?\d{1,18})\+timestamp\+(?P<ms>\d{1,15})\+[0-9a-f-]{36}\.png)"
)


@serve(LOG_MEDIA, needs=Permission.EDIT, journaled=True)
def log_media(context: Context, request: LogMedia) -> Empty:
    """Add items to series of a run that is not deleted.

    Raises:
        NotFound: No such run.
        InvalidRequest: The run is deleted, or an item is none.
    """
    if len(request.items) > MAX_ITEMS:
        raise InvalidRequest(f"A call logs up to {MAX_ITEMS} items, not {len(request.items)}.")
    for item in request.items:
        _check(item)
    row = runs.get_active(context.transaction, request.run_id)
    media.add(context.transaction, row, request.items, replaces=True)
    context.changed(row.experiment_id, row.run_id, "artifacts")
    return Empty()


@serve(LIST_MEDIA, needs=Permission.READ)
def list_media(context: Context, request: ListMedia) -> MediaPage:
    """Items of a run by key and step, without a look into the artifact store.

    Raises:
        NotFound: No such run.
        InvalidRequest: There is no such kind, or the page is too large.
    """
    rules.check_run_id(request.run_id)
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    offset = rules.page_offset(request.page_token)
    for kind in request.kinds:
        _check_kind(kind)
    for step in (request.start_step, request.end_step):
        if step is not None:
            rules.check_int64("A step", step)
    row = runs.get(context.transaction, request.run_id)
    found = media.find(context.transaction, row, request, offset, size + 1)
    token = rules.page_token(offset + size) if len(found) > size else None
    return MediaPage(items=tuple(found[:size]), next_page_token=token)


def image_at(key: str) -> tuple[str, MediaItem] | None:
    """The run and the item that a file of the server's own store is, if it is named as MLflow does."""
    match = _MLFLOW_IMAGE.fullmatch(key)
    if match is None:
        return None
    item = MediaItem(
        key=match["key"].replace("~", "/"),
        kind="image",
        step=int(match["step"]),
        timestamp=int(match["ms"]),
        path=match["path"],
    )
    return match["run"], item


def note_image(context: Context, run_id: str, item: MediaItem) -> None:
    """Add an image that came as a file alone, unless more is known of it."""
    row = runs.find(context.transaction, run_id)
    if row is not None:
        media.add(context.transaction, row, (item,), replaces=False)


def _check(item: MediaItem) -> None:
    check_key("metric", item.key)
    _check_kind(item.kind)
    rules.check_int64("A step", item.step)
    rules.check_int64("A timestamp", item.timestamp)
    if item.timestamp < 0:
        raise InvalidRequest(f"A timestamp is in ms since the epoch, from 0; not {item.timestamp}.")
    rules.check_length("A caption", item.caption, MAX_CAPTION_CHARS)
    if item.kind != HISTOGRAM:
        checked_name(item.path)
        if item.histogram is not None:
            raise InvalidRequest(f"Only a histogram has bins, not what is of kind {item.kind!r}.")
    elif item.histogram is None or item.path:
        raise InvalidRequest("A histogram has bins and no file.")
    else:
        _check_bins(item.histogram)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidRequest(f"A kind of media is one of {', '.join(KINDS)}; not {kind[:40]!r}.")


def _check_bins(bins: HistogramBins) -> None:
    if not 1 <= len(bins.counts) <= MAX_BINS or len(bins.edges) != len(bins.counts) + 1:
        raise InvalidRequest(f"A histogram has 1 to {MAX_BINS} counts, and one edge more.")
    if not all(map(math.isfinite, bins.edges)) or any(
        left > right for left, right in itertools.pairwise(bins.edges)
    ):
        raise InvalidRequest("The edges of a histogram are numbers that rise.")
    if min(*bins.counts, bins.n_not_finite) < 0 or max(*bins.counts, bins.n_not_finite) >= 2**63:
        raise InvalidRequest("The counts of a histogram are whole numbers of 63 bits, from 0.")
