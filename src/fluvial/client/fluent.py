"""The functions of `import fluvial` that log: on the active run, or on one begun where there is none.

None of them waits for the network or raises for its sake. They append to the journal and return; the
functions that read are in `queries.py`, those that log files in `fluent_files.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

from fluvial.client.active_run import ActiveRun, active_runs
from fluvial.client.process import this_process
from fluvial.client.run_start import begin_run, go_on_with
from fluvial.client.runs import Experiment
from fluvial.client.tracker import About, RunOperations, Tracker
from fluvial.client.values import as_experiment_name, as_key
from fluvial.entities.dataset import CONTEXT_TAG, DatasetInput
from fluvial.entities.run import NOTE_TAG, ModelInput, ModelOutput
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    GET_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    CreateExperiment,
    ExperimentId,
    ExperimentName,
)
from fluvial.wire.runs import (
    DELETE_TAG,
    LOG_INPUTS,
    LOG_OUTPUTS,
    DeleteTag,
    LogInputs,
    LogOutputs,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.client.datasets import Dataset  # loads a web client, for what is seldom asked

__all__ = [
    "active_run",
    "delete_tag",
    "end_run",
    "flush",
    "flush_artifact_async_logging",
    "flush_async_logging",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metrics",
    "log_outputs",
    "log_param",
    "log_params",
    "set_experiment",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "start_run",
]


def set_tracking_uri(uri: str | os.PathLike[str]) -> None:
    """Log new runs there: `http://host:5000`, `sqlite:///file.db`, `postgresql://…` or a folder."""
    this_process().use(os.fspath(uri))


def get_tracking_uri() -> str:
    """Where new runs are logged to."""
    return this_process().tracking_uri


def is_tracking_uri_set() -> bool:
    """Whether the program or the environment said where to log to."""
    return this_process().is_tracking_uri_set


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> Experiment:
    """Put new runs into this experiment; one that is named is created where it is missing.

    Raises:
        InvalidRequest: Not exactly one of name and id is given, or the name is blank.
    """
    if (experiment_name is None) == (experiment_id is None):
        raise InvalidRequest("set_experiment takes either a name or an id.")
    process = this_process()
    tracker = process.tracker()
    if experiment_name is None:
        by_id = ExperimentId(experiment_id=str(experiment_id))
        process.experiment_name, process.experiment_id = "", by_id.experiment_id
        return Experiment("", lambda: tracker.call(GET_EXPERIMENT, by_id).experiment)
    by_name = ExperimentName(experiment_name=as_experiment_name(experiment_name))
    process.experiment_name, process.experiment_id = experiment_name, ""
    tracker.write(CREATE_EXPERIMENT, CreateExperiment(name=experiment_name))
    return Experiment(experiment_name, lambda: tracker.call(GET_EXPERIMENT_BY_NAME, by_name).experiment)


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Begin a run, or resume one by its id, and make it the active run of this thread.

    Args:
        run_id: Run to resume.
        experiment_id: Experiment of a new run; the one that was set where it is not given.
        run_name: Name of a new run; made up where it is not given.
        nested: Whether it may begin within the active run, whose child it becomes.
        parent_run_id: Run whose child it becomes.
        tags: Labels.
        description: Note, markdown.
        log_system_metrics: Whether the machine is measured; as the settings say where it is not given.

    Returns:
        The run. As a context manager it ends with its block: FINISHED, FAILED on an error, KILLED on
        Ctrl-C.

    Raises:
        InvalidRequest: A run is active and `nested` was not asked for; or the run is deleted.
        NotFound: There is no run to resume with this id.

    Example:
        >>> with fluvial.start_run(run_name="baseline", tags={"team": "churn"}):
        ...     fluvial.log_metric("auc", 0.87)
    """
    outer = active_runs()
    if outer and not nested:
        raise InvalidRequest(
            f"The run {outer[-1].run_id} is active. End it with fluvial.end_run() first, or begin a run "
            "within it: fluvial.start_run(nested=True)."
        )
    labels = {as_key("tag", key): str(value) for key, value in (tags or {}).items()}
    if description is not None:
        if labels.get(NOTE_TAG, description) != description:
            raise InvalidRequest(f"The description and the tag {NOTE_TAG} differ: give one.")
        labels[NOTE_TAG] = description
    run_id = run_id or this_process().take_run_id_to_resume() or None
    if run_id is not None:
        return go_on_with(run_id, experiment_id, run_name, labels, log_system_metrics)
    return begin_run(os.urandom(16).hex(), experiment_id, run_name, parent_run_id, labels, log_system_metrics)


def end_run(status: str = "FINISHED") -> None:
    """End the active run, if there is one.

    Raises:
        InvalidRequest: There is no such status.
    """
    if runs := active_runs():
        runs[-1].end(status)


def active_run() -> ActiveRun | None:
    """The active run of this thread, if there is one."""
    runs = active_runs()
    return runs[-1] if runs else None


def log_metric(
    key: str,
    value: Any,
    step: SupportsIndex | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    dataset: Dataset | None = None,
) -> RunOperations | None:
    """Append one point to a metric.

    Args:
        key: Name, up to 250 characters: letters, digits, `_-./: ` and spaces.
        value: A number, or what converts to one; NaN and infinities are kept.
        step: Training step; 0 where it is not given.
        synchronous: Wait until the platform has it.
        timestamp: ms since the epoch; now where it is not given.
        run_id: Another run than the active one.
        model_id: The logged model that it was measured on.
        dataset: The dataset that it was measured on.

    Returns:
        With `synchronous=False`, something to wait on.

    Raises:
        InvalidRequest: The name, the value, the step or the time is none.

    Example:
        >>> with fluvial.start_run():
        ...     for step in range(3):
        ...         fluvial.log_metric("loss", 1 / (step + 1), step=step)
    """
    if run_id is None:
        runs = active_runs()
        run = runs[-1] if runs else start_run()
        tracker, run_id = run.tracker, run.run_id
    else:
        tracker = this_process().tracker()
    if model_id is None and dataset is None:
        tracker.log_metric(run_id, key, value, step, timestamp)
    else:
        tracker.log_metric(run_id, key, value, step, timestamp, _about(tracker, run_id, model_id, dataset))
    return tracker.settle(synchronous)


def log_metrics(
    metrics: Mapping[str, Any],
    step: SupportsIndex | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Dataset | None = None,
) -> RunOperations | None:
    """Append one point to each of some metrics: all of them, or none if one is wrong."""
    tracker, run_id = tracker_and_run(run_id)
    about = None if model_id is None and dataset is None else _about(tracker, run_id, model_id, dataset)
    tracker.log_metrics(run_id, metrics, step, timestamp, about)
    return tracker.settle(synchronous)


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Set a param, once; returns its value, or with `synchronous=False` something to wait on.

    Raises:
        InvalidRequest: The name is none, or the param has another value.

    Example:
        >>> with fluvial.start_run():
        ...     rate = fluvial.log_param("learning_rate", 0.01)
        >>> rate
        0.01
    """
    tracker, run_id = tracker_and_run(None)
    tracker.log_params(run_id, {as_key("param", key): value})
    return tracker.settle(synchronous) or value


def log_params(
    params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> RunOperations | None:
    """Set params, each once."""
    tracker, run_id = tracker_and_run(run_id)
    tracker.log_params(run_id, params)
    return tracker.settle(synchronous)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
    """Set a tag."""
    return set_tags({as_key("tag", key): value}, synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> RunOperations | None:
    """Set tags."""
    tracker, run_id = tracker_and_run(None)
    tracker.set_tags(run_id, tags)
    return tracker.settle(synchronous)


def delete_tag(key: str) -> None:
    """Delete a tag."""
    tracker, run_id = tracker_and_run(None)
    tracker.write(DELETE_TAG, DeleteTag(run_id=run_id, key=as_key("tag", key)))


def log_input(
    dataset: Dataset | None = None,
    context: str | None = None,
    tags: Mapping[str, str] | None = None,
    model: ModelInput | None = None,
) -> None:
    """Record a dataset that the run reads, or a logged model, or both.

    Args:
        dataset: From `fluvial.data.from_pandas` and its relatives.
        context: What it is read for, such as `training`.
        tags: Labels of this use of it.
        model: A logged model.

    Example:
        >>> import numpy as np
        >>> with fluvial.start_run():
        ...     fluvial.log_input(fluvial.data.from_numpy(np.ones((4, 2))), context="training")
    """
    datasets = [] if dataset is None else [dataset]
    log_inputs(datasets, [context] * len(datasets), [tags] * len(datasets), [] if model is None else [model])


def log_inputs(
    datasets: Sequence[Dataset] | None = None,
    contexts: Sequence[str | None] | None = None,
    tags_list: Sequence[Mapping[str, str] | None] | None = None,
    models: Sequence[ModelInput] | None = None,
) -> None:
    """Record datasets that the run reads, each with what it is read for, and logged models.

    Raises:
        InvalidRequest: There are not as many contexts, or tags, as datasets.
    """
    given = list(datasets or ())
    n_given = len(given)
    if {len(each) for each in (contexts, tags_list) if each is not None} - {n_given}:
        raise InvalidRequest(f"There are {n_given} datasets: give as many contexts and tags, or none.")
    inputs = []
    for dataset, context, tags in zip(
        given, contexts or [None] * n_given, tags_list or [None] * n_given, strict=True
    ):
        labels = {**({CONTEXT_TAG: context} if context else {}), **(tags or {})}
        pairs = tuple(Tag(key=key, value=str(value)) for key, value in labels.items())
        inputs.append(DatasetInput(dataset=dataset.to_entity(), tags=pairs))
    tracker, run_id = tracker_and_run(None)
    tracker.write(LOG_INPUTS, LogInputs(run_id=run_id, datasets=tuple(inputs), models=tuple(models or ())))


def log_outputs(models: Sequence[ModelOutput] | None = None) -> None:
    """Record logged models that the run makes, each with its training step."""
    tracker, run_id = tracker_and_run(None)
    tracker.write(LOG_OUTPUTS, LogOutputs(run_id=run_id, models=tuple(models or ())))


def flush(timeout_s: float | None = None) -> bool:
    """Wait until everything that was logged is where it belongs.

    Args:
        timeout_s: How long to wait at most; without end where it is not given.

    Returns:
        Whether it is.
    """
    return this_process().flush(timeout_s)


def flush_async_logging() -> None:
    """Wait until everything that was logged is where it belongs, however long that takes."""
    this_process().flush(None)


def flush_artifact_async_logging() -> None:
    """The same: artifacts are sent after what was logged before them."""
    this_process().flush(None)


def tracker_and_run(run_id: str | None) -> tuple[Tracker, str]:
    """Where to log to, and the run: the one named, or the active one, or one begun now."""
    if run_id is not None:
        return this_process().tracker(), run_id
    runs = active_runs()
    run = runs[-1] if runs else start_run()
    return run.tracker, run.run_id


def _about(tracker: Tracker, run_id: str, model_id: str | None, dataset: Dataset | None) -> About:
    """What a metric was measured on; the run is said to have read that dataset."""
    if dataset is None:
        return About(model_id)
    if tracker.is_first_use(run_id, dataset.name, dataset.digest):
        read = (DatasetInput(dataset=dataset.to_entity()),)
        tracker.write(LOG_INPUTS, LogInputs(run_id=run_id, datasets=read))
    return About(model_id, dataset.name, dataset.digest)
