"""`fluvial.fork_run` and `fluvial.rewind_run`: go on from an earlier step, in a new run or in the same."""

from __future__ import annotations

from typing import NamedTuple, SupportsIndex

from fluvial.client.active_run import ActiveRun, active_runs
from fluvial.client.client import FluvialClient
from fluvial.client.run_start import go_on_with
from fluvial.client.runs import Run
from fluvial.errors import InvalidRequest

__all__ = ["Rewound", "fork_run", "rewind_run"]


class Rewound(NamedTuple):
    """A run that went back to a step.

    Attributes:
        run: The run, under the id that it had.
        attempt: What it was before, as a run with an id of its own.
    """

    run: Run
    attempt: Run


def fork_run(
    run_id: str,
    step: SupportsIndex,
    run_name: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Begin a run that goes on with the history of another one up to a step, and make it the active run.

    It has the other's params, tags and inputs, and its metrics up to the step, none of which is copied.

    Args:
        run_id: The other run.
        step: The last step of it.
        run_name: Its name; made of the other's where it is not given.
        log_system_metrics: Whether the machine is measured; as the settings say where it is not given.

    Raises:
        InvalidRequest: A run is active, or the other one is deleted.
        NotFound: There is no such run.
        Unreachable: The platform does not answer; a fork cannot be begun offline.

    Example:
        >>> with fluvial.start_run() as run:
        ...     for step in range(10):
        ...         fluvial.log_metric("loss", 1 / (step + 1), step=step)
        >>> with fluvial.fork_run(run.info.run_id, step=5) as forked:
        ...     fluvial.log_metric("loss", 0.1, step=6)
        >>> len(fluvial.get_metric_history(forked.info.run_id, "loss"))
        7
    """
    if outer := active_runs():
        raise InvalidRequest(f"The run {outer[-1].run_id} is active. End it with fluvial.end_run() first.")
    forked = FluvialClient().fork_run(run_id, step, run_name)
    return go_on_with(forked.info.run_id, None, None, {}, log_system_metrics)


def rewind_run(run_id: str, step: SupportsIndex) -> Rewound:
    """Let a run go back to a step; what it was stays as another run, an earlier attempt.

    The run keeps its id, params, tags, inputs and artifacts, and its metrics up to the step. End the program
    that logs to it before; then go on with `fluvial.start_run(run_id=…)`.

    Args:
        run_id: The run.
        step: The last step that it keeps.

    Raises:
        InvalidRequest: It is deleted.
        NotFound: There is no such run.

    Example:
        >>> with fluvial.start_run() as run:
        ...     for step in range(10):
        ...         fluvial.log_metric("loss", 1 / (step + 1), step=step)
        >>> rewound = fluvial.rewind_run(run.info.run_id, step=5)
        >>> [len(fluvial.get_metric_history(one.info.run_id, "loss")) for one in rewound]
        [6, 10]
    """
    return Rewound(*FluvialClient().rewind_run(run_id, step))
