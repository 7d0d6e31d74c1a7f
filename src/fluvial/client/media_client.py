"""The part of `FluvialClient` that reads histograms and media."""

from __future__ import annotations

from fluvial.client.histogram import Histogram
from fluvial.client.tracker import Tracker
from fluvial.wire.media import HISTOGRAM, LIST_MEDIA, ListMedia, MediaItem


class MediaClient:
    """Reads what runs logged that is no number."""

    _tracker: Tracker

    def list_media(self, run_id: str, key: str | None = None, kind: str | None = None) -> list[MediaItem]:
        """Images, audio, tables and other media of a run, and its histograms, by key and step."""
        found: list[MediaItem] = []
        token = None
        while True:
            wanted = ListMedia(
                run_id=run_id, keys=(key,) if key else (), kinds=(kind,) if kind else (), page_token=token
            )
            page = self._tracker.call(LIST_MEDIA, wanted)
            found += page.items
            token = page.next_page_token
            if not token:
                return found

    def get_histograms(self, run_id: str, key: str) -> list[tuple[int, Histogram]]:
        """The distributions of a series, each with its step."""
        found = self.list_media(run_id, key, HISTOGRAM)
        return [(item.step, Histogram.of_bins(item.histogram)) for item in found if item.histogram]
