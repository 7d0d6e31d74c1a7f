"""Runs that go on with another one's history, and runs that go back."""

from __future__ import annotations

from fluvial.entities.run import Run
from fluvial.wire.endpoint import Endpoint, Message
from fluvial.wire.runs import OfRun, OneRun


class ForkRun(OfRun, frozen=True, kw_only=True):
    """Start a run that has the history of another one up to a step.

    Attributes:
        step: The last step that it has of the other run.
        run_name: For people; the other's name with the step where it is empty.
    """

    step: int
    run_name: str = ""


class RewindRun(OfRun, frozen=True, kw_only=True):
    """Let a run go back to a step; what came after stays, as a run of its own.

    Attributes:
        step: The last step that it keeps.
    """

    step: int


class RewoundRun(Message, frozen=True, kw_only=True):
    """A run that went back.

    Attributes:
        run: The run, under the id that it had.
        attempt: What it was before, under an id of its own.
    """

    run: Run
    attempt: Run


FORK_RUN = Endpoint("POST", "/api/1.0/fluvial/runs/fork", ForkRun, OneRun)
REWIND_RUN = Endpoint("POST", "/api/1.0/fluvial/runs/rewind", RewindRun, RewoundRun)
