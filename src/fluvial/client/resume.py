"""`fluvial.resume(key)`: one run for one piece of work, however often the program is started."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from fluvial.client.active_run import ActiveRun, active_runs
from fluvial.client.process import this_process
from fluvial.client.run_start import begin_run, find_run, go_on_with
from fluvial.client.values import as_key
from fluvial.entities.experiment import DEFAULT_EXPERIMENT_ID
from fluvial.entities.run import RunStatus
from fluvial.errors import InvalidRequest, NotFound
from fluvial.wire.runs import UPDATE_RUN, UpdateRun

__all__ = ["resume"]

KEY_TAG = "fluvial.key"


def resume(
    key: str,
    run_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Go on with the run of this key in the experiment that is set, or begin it.

    The run's id follows from the experiment and the key, so that no server has to be asked: programs that are
    offline, or on several machines, mean the same run. Points that were logged before stay; a step that is
    logged again has a point more, and the later one counts.

    Args:
        key: Says which piece of work it is, as the id of a job.
        run_name: Name of the run, if it begins now.
        tags: Labels.
        log_system_metrics: Whether the machine is measured.

    Raises:
        InvalidRequest: A run is active, the key is blank, or its run is deleted.

    Example:
        >>> with fluvial.resume("nightly-job-17") as run:
        ...     fluvial.log_metric("loss", 0.3, step=12)
    """
    if not str(key).strip():
        raise InvalidRequest(f"A key is text that is not blank, not {key!r}.")
    if active_runs():
        raise InvalidRequest(
            f"The run {active_runs()[-1].run_id} is active. End it with fluvial.end_run() first."
        )
    process = this_process()
    experiment = process.experiment_id or process.experiment_name or DEFAULT_EXPERIMENT_ID
    run_id = hashlib.sha256(f"{experiment}\0{key}".encode()).hexdigest()[:32]
    labels = {KEY_TAG: key} | {as_key("tag", name): str(value) for name, value in (tags or {}).items()}
    tracker = process.tracker()
    try:
        found = find_run(tracker, run_id)
    except NotFound:
        return begin_run(run_id, None, run_name, None, labels, log_system_metrics)
    if found is not None:
        return go_on_with(run_id, None, None, labels, log_system_metrics)
    # Not known now: the platform leaves a run as it is that begins twice, and an ended one goes on.
    run = begin_run(run_id, None, run_name, None, labels, log_system_metrics, may_exist=True)
    tracker.write(UPDATE_RUN, UpdateRun(run_id=run_id, status=RunStatus.RUNNING))
    return run
