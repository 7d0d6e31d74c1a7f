"""HTTP from clients that are slow: on purpose, or because they are gone.

A client that trickles its headers, sends a body by the byte, or takes nothing of its answer would hold a
connection, and with an upload one of few places, for as long as it likes.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from fluvial.server.joined_writes import JoinedWrites

# While it has not sent all of its body, a client sends at least so much a second.
MIN_BYTES_PER_S = 1024
# An answer of which nothing is taken for so many looks is given up.
MAX_STALLED_LOOKS = 4

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def patient_protocol(look_every_s: float) -> Callable[..., PatientProtocol]:
    """Makes the protocol of a connection, as uvicorn wants it."""
    return functools.partial(PatientProtocol, look_every_s=look_every_s)


class PatientProtocol(HttpToolsProtocol):
    """A connection that is looked at every few seconds.

    Args:
        look_every_s: How long a client may take for its headers, and how often it is looked at then.
    """

    def __init__(self, *arguments: Any, look_every_s: float, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._look_every_s = look_every_s
        self._timer: asyncio.TimerHandle | None = None
        self._n_bytes = 0
        self._seen = _Seen(_State.BETWEEN, None, 0)
        self._is_stalled = False
        self._n_stalled_looks = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]
        self._timer = self.loop.call_later(self._look_every_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._n_bytes += len(data)
        super().data_received(data)

    def pause_writing(self) -> None:
        """The client takes less than there is for it."""
        self._is_stalled = True
        super().pause_writing()

    def resume_writing(self) -> None:
        """It has taken something."""
        self._is_stalled = False
        self._n_stalled_looks = 0
        super().resume_writing()

    def _look(self) -> None:
        seen, self._seen = self._seen, self._now()
        self._n_stalled_looks = self._n_stalled_looks + 1 if self._is_stalled else 0
        if self._n_stalled_looks >= MAX_STALLED_LOOKS:
            self.transport.abort()
        elif self.transport.is_closing():
            self._look_again()
        elif self._is_too_slow(seen):
            if seen.state is _State.BETWEEN or not self.cycle.response_started:
                self.transport.write(_TOO_SLOW)
            self.transport.close()
        else:
            self._look_again()

    def _look_again(self) -> None:
        self._timer = self.loop.call_later(self._look_every_s, self._look)

    def _now(self) -> _Seen:
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            state = _State.BETWEEN
        elif cycle.more_body and not self.flow.read_paused:
            state = _State.SENDS_BODY
        else:
            state = _State.WAITS
        return _Seen(state, cycle, self._n_bytes)

    def _is_too_slow(self, before: _Seen) -> bool:
        """Whether the client got no further since the last look; idle ones are closed by uvicorn sooner."""
        now = self._seen
        if now.state is not before.state or now.cycle is not before.cycle:
            return False
        if now.state is _State.SENDS_BODY:
            return now.n_bytes - before.n_bytes < MIN_BYTES_PER_S * self._look_every_s
        return now.state is _State.BETWEEN


class _State(Enum):
    BETWEEN = auto()  # two requests, or before the first
    SENDS_BODY = auto()
    WAITS = auto()  # for us


class _Seen(NamedTuple):
    state: _State
    cycle: object
    n_bytes: int
