"""How much the server has taken on and not finished: more than it can hold is refused before it is read."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from fluvial.errors import TooManyRequests

RETRY_AFTER_S = 1.0


class Load:
    """Requests under way, and what they hold of the memory. For the event loop's thread.

    Args:
        max_requests: More are refused.
        max_bytes: Bodies that together would be larger are refused, but for one alone.

    Attributes:
        n_requests: Under way.
        n_bytes: Of their bodies.
        n_refused: So far.
    """

    def __init__(self, max_requests: int, max_bytes: int) -> None:
        self.n_requests = 0
        self.n_bytes = 0
        self.n_refused = 0
        self._max_requests = max_requests
        self._max_bytes = max_bytes

    def admit(self) -> Share:
        """Take on a request; use the share in a `with`.

        Raises:
            TooManyRequests: There are as many as may be.
        """
        if self.n_requests >= self._max_requests:
            raise self._refusal(f"{self.n_requests} requests are waiting")
        return Share(self)

    def hold(self, n_bytes: int, held: int) -> None:
        """Note that a request, which holds some bytes already, holds so many more.

        Raises:
            TooManyRequests: Together they would be too many.
        """
        if self.n_bytes > held and self.n_bytes + n_bytes > self._max_bytes:
            raise self._refusal(f"requests of {self.n_bytes / 1e6:.0f} MB are waiting")
        self.n_bytes += n_bytes

    def _refusal(self, reason: str) -> TooManyRequests:
        self.n_refused += 1
        return TooManyRequests(
            f"The server has as much to do as it can hold, {reason}: send this again later.",
            retry_after_s=RETRY_AFTER_S,
        )


class Share:
    """What one request has of the load, until the `with` ends."""

    __slots__ = ("_load", "_n_bytes")

    def __init__(self, load: Load) -> None:
        self._load = load
        self._n_bytes = 0

    def hold(self, n_bytes: int) -> None:
        """Hold so many more bytes.

        Raises:
            TooManyRequests: Together with those of others they would be too many.
        """
        self._load.hold(n_bytes, self._n_bytes)
        self._n_bytes += n_bytes

    def __enter__(self) -> Self:
        self._load.n_requests += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._load.n_requests -= 1
        self._load.n_bytes -= self._n_bytes
