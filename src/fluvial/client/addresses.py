"""The addresses of the servers that a client may ask, all with the same data behind them."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence


class Addresses:
    """One or several servers. All threads ask the same one until it fails them.

    Clients begin with different ones, so that each server has its share of them.

    Args:
        urls: At least one.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)
        self._at = random.randrange(len(self._urls))  # noqa: S311  no secret
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._urls)

    @property
    def current(self) -> str:
        """The server to ask now."""
        return self._urls[self._at]

    def leave(self, url: str) -> None:
        """Ask the next from now on, unless another thread has moved on from this one already."""
        with self._lock:
            if self._urls[self._at] == url:
                self._at = (self._at + 1) % len(self._urls)


def split_addresses(uri: str) -> list[str]:
    """The servers that a tracking URI names, with commas between them."""
    return [part.strip().rstrip("/") for part in uri.split(",") if part.strip()]
