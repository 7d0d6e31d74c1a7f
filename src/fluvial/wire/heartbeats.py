"""Signs of life of runs over the wire."""

from __future__ import annotations

from fluvial.wire.endpoint import Empty, Endpoint, Message


class Heartbeat(Message, frozen=True, kw_only=True):
    """Say that the process of some runs is alive.

    A run that was ever named here, or was started with `beats`, is marked FAILED when nothing is heard of
    it for too long; one that is heard of again goes on.

    Attributes:
        run_ids: The runs, 1,000 at most. Those that are unknown or have ended are passed over.
    """

    run_ids: tuple[str, ...]


HEARTBEAT = Endpoint("POST", "/api/1.0/fluvial/runs/heartbeat", Heartbeat, Empty, is_repeatable=True)
