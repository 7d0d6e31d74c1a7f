"""How a run begins in this process, new or resumed."""

from __future__ import annotations

import time
from collections.abc import Mapping

import msgspec

from fluvial.client.active_run import ActiveRun, active_runs
from fluvial.client.capture.run_capture import BegunRun, next_system_step
from fluvial.client.capture.source import user_name
from fluvial.client.process import this_process
from fluvial.client.tracker import Tracker
from fluvial.entities.experiment import DEFAULT_EXPERIMENT_ID, LifecycleStage
from fluvial.entities.run import NAME_TAG, PARENT_TAG, RunStatus
from fluvial.entities.run import Run as RunEntity
from fluvial.entities.run_names import new_run_name
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest, InvalidSetting, RequestError, Unreachable
from fluvial.wire.runs import GET_RUN, UPDATE_RUN, RunId, StartRun, UpdateRun


def begin_run(
    run_id: str,
    experiment_id: str | None,
    run_name: str | None,
    parent_run_id: str | None,
    labels: Mapping[str, str],
    log_system_metrics: bool | None,
    *,
    may_exist: bool = False,
) -> ActiveRun:
    """Begin a run under an id of its own. It is the child of the active run, if there is one.

    Args:
        run_id: 32 hex characters.
        experiment_id: Its experiment; the one that is set where it is not given.
        run_name: For people; made up where it is not given.
        parent_run_id: Its parent, if that is not the active run.
        labels: Tags.
        log_system_metrics: Whether the machine is measured; as the settings say where it is not given.
        may_exist: Whether it may have begun before, where nobody could be asked.

    Raises:
        InvalidRequest: Its name and the tag of that differ.
    """
    process, outer = this_process(), active_runs()
    tags = {**process.capture.tags(), **_context_tags(process.settings.run_context), **labels}
    parent = parent_run_id or (outer[-1].run_id if outer else None)
    if parent is not None:
        tags[PARENT_TAG] = parent
    name = run_name or tags.get(NAME_TAG) or new_run_name()
    if tags.setdefault(NAME_TAG, name) != name:
        raise InvalidRequest(f"The run's name and the tag {NAME_TAG} differ: give one.")
    by_id = str(experiment_id or process.experiment_id)
    by_name = "" if by_id else process.experiment_name
    started = StartRun(
        run_id=run_id,
        experiment_id=by_id if by_id or by_name else DEFAULT_EXPERIMENT_ID,
        experiment_name=by_name,
        user_id=user_name(),
        run_name=name,
        start_time=time.time_ns() // 1_000_000,
        tags=tuple(Tag(key=key, value=value) for key, value in tags.items()),
    )
    tracker = process.tracker()
    tracker.start_run(started)
    return _followed(
        ActiveRun(tracker, started), log_system_metrics, is_new=not may_exist, is_child=bool(outer)
    )


def _context_tags(run_context: str) -> dict[str, str]:
    """The tags that the environment gives to every run.

    Raises:
        InvalidSetting: They are no JSON object of texts.
    """
    try:
        return msgspec.json.decode(run_context or "{}", type=dict[str, str])
    except msgspec.DecodeError as error:
        raise InvalidSetting(
            f"FLUVIAL_RUN_CONTEXT, or MLFLOW_RUN_CONTEXT, is a JSON object of texts: {error}."
        ) from error


def go_on_with(
    run_id: str,
    experiment_id: str | None,
    run_name: str | None,
    labels: Mapping[str, str],
    log_system_metrics: bool | None,
) -> ActiveRun:
    """Go on with a run, which is looked at if the platform can be asked.

    Raises:
        InvalidRequest: It is active already, deleted, or in another experiment.
        NotFound: There is no such run.
    """
    tracker = this_process().tracker()
    if any(run.run_id == run_id for run in active_runs()):
        raise InvalidRequest(f"The run {run_id} is active already.")
    run = find_run(tracker, run_id)
    if run is not None:
        if run.info.lifecycle_stage is LifecycleStage.DELETED:
            raise InvalidRequest(f"The run {run_id} is deleted; restore it to go on with it.")
        if experiment_id is not None and str(experiment_id) != run.info.experiment_id:
            raise InvalidRequest(
                f"The run {run_id} is in experiment {run.info.experiment_id}, not {experiment_id}."
            )
    started = StartRun(
        run_id=run_id,
        experiment_id=run.info.experiment_id if run else "",
        user_id=run.info.user_id if run else "",
        run_name=run_name or (run.info.run_name if run else ""),
        start_time=run.info.start_time if run else None,
        tags=run.data.tags if run else (),
    )
    tracker.write(UPDATE_RUN, UpdateRun(run_id=run_id, status=RunStatus.RUNNING, run_name=run_name))
    if labels:
        tracker.set_tags(run_id, labels)
    first_step = next_system_step(run.data.metrics) if run else 0
    return _followed(ActiveRun(tracker, started), log_system_metrics, is_new=False, first_step=first_step)


def _followed(
    run: ActiveRun,
    log_system_metrics: bool | None,
    *,
    is_new: bool = True,
    is_child: bool = False,
    first_step: int = 0,
) -> ActiveRun:
    """A run of which is captured what there is, until it ends."""
    capture = this_process().capture
    capture.begin(
        BegunRun(
            tracker=run.tracker,
            run_id=run.run_id,
            is_new=is_new,
            is_child=is_child,
            first_step=first_step,
            has_system_metrics=capture.sampling.is_on if log_system_metrics is None else log_system_metrics,
        )
    )
    run.before_end(lambda: capture.end(run.run_id))
    return run


def find_run(tracker: Tracker, run_id: str) -> RunEntity | None:
    """A run as the server has it; none if it cannot be asked now.

    Raises:
        NotFound: There is no such run.
    """
    try:
        return tracker.call(GET_RUN, RunId(run_id=run_id)).run
    except Unreachable:
        return None
    except RequestError as error:
        if error.status < 500 and error.status != 429:
            raise
        return None
