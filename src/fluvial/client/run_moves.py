"""Moves of runs to another experiment, for the client."""

from __future__ import annotations

from collections.abc import Sequence

from fluvial.client.tracker import Tracker
from fluvial.wire.run_moves import MOVE_RUNS, MoveRuns


class RunMovesClient:
    """The part of the client that moves runs."""

    _tracker: Tracker

    def move_runs(
        self, run_ids: str | Sequence[str], experiment_id: str, *, moves_children: bool = True
    ) -> list[str]:
        """Move runs to another experiment with all that was logged to them, all or none.

        Artifacts stay where they are; logged models go with the run that made them. A program that logs to
        one of the runs goes on and notices nothing.

        Args:
            run_ids: One run, or up to 1,000. Those that are there already stay.
            experiment_id: Where to.
            moves_children: Whether the runs nested in them go along, however deep.

        Returns:
            The ids of the runs that were moved, with those that went along.

        Raises:
            NotFound: There is no such run or experiment.
            InvalidRequest: A run or one of the experiments is deleted, or these are too many runs.

        Example:
            >>> client = fluvial.FluvialClient()
            >>> kept = client.create_experiment("kept")
            >>> run = client.create_run("0")
            >>> client.move_runs(run.info.run_id, kept) == [run.info.run_id]
            True
            >>> client.get_run(run.info.run_id).info.experiment_id == kept
            True
        """
        request = MoveRuns(
            run_ids=(run_ids,) if isinstance(run_ids, str) else tuple(run_ids),
            experiment_id=str(experiment_id),
            moves_children=moves_children,
        )
        moved = self._tracker.call(MOVE_RUNS, request).came_from
        return [run_id for some in moved for run_id in some.run_ids]
