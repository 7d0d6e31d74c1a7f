"""Moves of runs to another experiment, over the wire."""

from __future__ import annotations

from fluvial.wire.endpoint import Endpoint, Message


class MoveRuns(Message, frozen=True, kw_only=True):
    """Move runs to another experiment, all or none.

    Attributes:
        run_ids: Up to 1,000. Those that are there already stay.
        experiment_id: Where to.
        moves_children: Whether the runs nested in them go along, however deep; up to 10,000 in all.
    """

    run_ids: tuple[str, ...]
    experiment_id: str
    moves_children: bool = True


class RunsOfExperiment(Message, frozen=True, kw_only=True):
    """Some runs of an experiment."""

    experiment_id: str
    run_ids: tuple[str, ...]


class MovedRuns(Message, frozen=True, kw_only=True):
    """Which runs were moved.

    Attributes:
        n_runs: How many, with those that went along.
        came_from: They, by the experiment in which they were: what it takes to move them back.
    """

    n_runs: int
    came_from: tuple[RunsOfExperiment, ...] = ()


MOVE_RUNS = Endpoint("POST", "/api/1.0/fluvial/runs/move", MoveRuns, MovedRuns)
