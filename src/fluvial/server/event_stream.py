"""Server-sent events: what has changed, for pages that update by themselves."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import msgspec
from starlette.responses import Response, StreamingResponse

from fluvial import __version__
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Permission
from fluvial.services.events import ANYTHING, END, Change, Hub, Kind
from fluvial.wire.events import EVENTS_PATH

GATHER_S = 0.1
PING_S = 15.0
# More than these wait for a listener that is slow as one: anything may have changed.
MAX_WAITING = 1000


@stream("GET", path=EVENTS_PATH, needs=Permission.READ)
async def send_events(call: StreamCall) -> Response:
    """Changes of some experiments and runs, or of all; ends when the server stops."""
    headers = {"Cache-Control": "no-store"}
    if call.request.method == "HEAD":  # has no end to wait for
        return Response(media_type="text/event-stream", headers=headers)
    query = call.request.query_params
    mailbox = Mailbox(
        call.platform.hub,
        frozenset(query.getlist("experiment_id")),
        frozenset(query.getlist("run_id")),
    )
    return StreamingResponse(_events(mailbox), media_type="text/event-stream", headers=headers)


class Mailbox:
    """Gathers changes from the threads that commit, for one listener on the event loop.

    Args:
        hub: Where changes come from.
        experiment_ids: Which experiments; none for all, unless runs are given.
        run_ids: Which runs; none for all, unless experiments are given.
    """

    def __init__(self, hub: Hub, experiment_ids: frozenset[str], run_ids: frozenset[str]) -> None:
        self._experiment_ids = experiment_ids
        self._run_ids = run_ids
        self._waiting: dict[tuple[str | None, str | None], set[Kind]] = {}
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._has_mail = asyncio.Event()
        self._stop = hub.listen(self._put)

    async def take(self, timeout_s: float) -> list[Change]:
        """The changes that came, one per run; empty after the timeout."""
        try:
            await asyncio.wait_for(self._has_mail.wait(), timeout_s)
        except TimeoutError:
            return []
        await asyncio.sleep(GATHER_S)  # neighbouring commits make one event
        with self._lock:
            self._has_mail.clear()
            taken, self._waiting = self._waiting, {}
        return [Change(*place, tuple(sorted(kinds))) for place, kinds in taken.items()]

    def close(self) -> None:
        """Gather no more."""
        self._stop()

    def _put(self, change: Change) -> None:
        if not self._wants(change):
            return
        with self._lock:
            is_first = not self._waiting
            if len(self._waiting) >= MAX_WAITING and change != END:
                self._waiting.clear()
                change = ANYTHING
            self._waiting.setdefault((change.experiment_id, change.run_id), set()).update(change.kinds)
        if is_first:
            self._loop.call_soon_threadsafe(self._has_mail.set)

    def _wants(self, change: Change) -> bool:
        if change.experiment_id is None or not (self._experiment_ids or self._run_ids):
            return True
        return change.experiment_id in self._experiment_ids or change.run_id in self._run_ids


async def _events(mailbox: Mailbox) -> AsyncIterator[bytes]:
    try:
        yield _event("hello", {"server_time": time.time_ns() // 1_000_000, "version": __version__})
        last = time.monotonic()
        while True:
            for change in await mailbox.take(PING_S):
                if change == END:
                    return
                yield _event("change", change)
                last = time.monotonic()
            if time.monotonic() - last >= PING_S:
                yield b": still here\n\n"
                last = time.monotonic()
    finally:
        mailbox.close()


def _event(name: str, data: object) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
