"""Signs of life of runs over the wire."""

from __future__ import annotations

from fluvial.wire.endpoint import Empty, Endpoint, Message
from fluvial.wire.runs import OfRun


class Heartbeat(Message, frozen=True, kw_only=True):
    """Say that the process of some runs is alive.

    A run that was ever named here, or was started with `beats`, is marked FAILED when nothing is heard of
    it for too long; one that is heard of again goes on.

    Attributes:
        run_ids: The runs, 1,000 at most. Those that are unknown or have ended are passed over.
    """

    run_ids: tuple[str, ...]


class Heard(Message, frozen=True, kw_only=True):
    """The signs of life were heard.

    Attributes:
        stop: Those of the runs that somebody asked to stop (`StopRun`); named until they have ended.
    """

    stop: tuple[str, ...] = ()


class StopRun(OfRun, frozen=True, kw_only=True):
    """Ask the program of a run to end it; its client hears of it with its next sign of life.

    The time of the wish, ms since the epoch, is the tag `fluvial.stop_requested`; without it the wish is
    withdrawn.
    """


HEARTBEAT = Endpoint("POST", "/api/1.0/fluvial/runs/heartbeat", Heartbeat, Heard, is_repeatable=True)
STOP_RUN = Endpoint("POST", "/api/1.0/fluvial/runs/stop", StopRun, Empty, is_repeatable=True)
