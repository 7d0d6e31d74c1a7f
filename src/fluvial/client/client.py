"""`FluvialClient`: everything by id, without an active run; the methods of MLflow's `MlflowClient`."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, SupportsIndex, TypeVar

from fluvial.client import artifact_formats as formats
from fluvial.client import run_files
from fluvial.client.active_run import as_status
from fluvial.client.history import MetricHistory
from fluvial.client.process import this_process
from fluvial.client.runs import Experiment, Run
from fluvial.client.tracker import About
from fluvial.client.values import as_key
from fluvial.entities.artifact import FileInfo
from fluvial.entities.dataset import DatasetInput
from fluvial.entities.experiment import ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.run import PARENT_TAG, ModelInput
from fluvial.entities.tag import Param, Tag
from fluvial.errors import NotFound
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    DELETE_EXPERIMENT,
    DELETE_EXPERIMENT_TAG,
    GET_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    RESTORE_EXPERIMENT,
    SEARCH_EXPERIMENTS,
    SET_EXPERIMENT_TAG,
    UPDATE_EXPERIMENT,
    CreateExperiment,
    DeleteExperimentTag,
    ExperimentId,
    ExperimentName,
    SearchExperiments,
    SetExperimentTag,
    UpdateExperiment,
)
from fluvial.wire.runs import (
    CREATE_RUN,
    DELETE_RUN,
    DELETE_TAG,
    GET_RUN,
    LOG_INPUTS,
    RESTORE_RUN,
    SEARCH_RUNS,
    UPDATE_RUN,
    CreateRun,
    DeleteTag,
    LogInputs,
    RunId,
    SearchRuns,
    UpdateRun,
)

__all__ = ["FluvialClient", "PagedList"]

T = TypeVar("T")

DEFAULT_PAGE = 1000


class PagedList(list[T], Generic[T]):
    """A page of results.

    Attributes:
        token: Gives the next page; empty on the last.
    """

    def __init__(self, items: Iterable[T], token: str | None) -> None:
        super().__init__(items)
        self.token = token


class FluvialClient:
    """Reads and writes by id.

    What is logged is journaled and sent in the background, in order; every other method first waits
    until that is done, then for its answer.

    Args:
        tracking_uri: Where to; what `set_tracking_uri` or the environment says where it is not given.

    Example:
        >>> client = FluvialClient()
        >>> for run in client.search_runs(["1"], "metrics.loss < 0.1", order_by=["metrics.loss"]):
        ...     print(run.info.run_name, run.data.metrics["loss"])
    """

    def __init__(self, tracking_uri: str | None = None) -> None:
        process = this_process()
        self._tracker = process.tracker() if tracking_uri is None else process.tracker_of(tracking_uri)

    @property
    def tracking_uri(self) -> str:
        """Where it reads and writes."""
        return self._tracker.target.uri

    # Experiments

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """Create an experiment; returns its id.

        Raises:
            AlreadyExists: The name is taken.
        """
        request = CreateExperiment(
            name=name, artifact_location=artifact_location or "", tags=_as_tags(tags or {})
        )
        return self._tracker.call(CREATE_EXPERIMENT, request).experiment_id

    def get_experiment(self, experiment_id: str) -> Experiment:
        """An experiment by id, deleted or not."""
        request = ExperimentId(experiment_id=str(experiment_id))
        return Experiment.of(self._tracker.call(GET_EXPERIMENT, request).experiment)

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """An experiment by name, deleted or not; None where there is none."""
        try:
            found = self._tracker.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name=name))
        except NotFound:
            return None
        return Experiment.of(found.experiment)

    def search_experiments(
        self,
        view_type: ViewType | str = ViewType.ACTIVE_ONLY,
        max_results: int = DEFAULT_PAGE,
        filter_string: str | None = None,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """A page of experiments that match."""
        page = self._tracker.call(
            SEARCH_EXPERIMENTS,
            SearchExperiments(
                max_results=max_results,
                page_token=page_token,
                filter=filter_string or "",
                order_by=tuple(order_by or ()),
                view_type=ViewType(view_type),
            ),
        )
        return PagedList(map(Experiment.of, page.experiments), page.next_page_token)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Rename an experiment."""
        self._tracker.call(
            UPDATE_EXPERIMENT, UpdateExperiment(experiment_id=experiment_id, new_name=new_name)
        )

    def delete_experiment(self, experiment_id: str) -> None:
        """Put an experiment and its runs into the trash."""
        self._tracker.call(DELETE_EXPERIMENT, ExperimentId(experiment_id=experiment_id))

    def restore_experiment(self, experiment_id: str) -> None:
        """Take an experiment and its runs out of the trash."""
        self._tracker.call(RESTORE_EXPERIMENT, ExperimentId(experiment_id=experiment_id))

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Set one tag of an experiment."""
        request = SetExperimentTag(experiment_id=experiment_id, key=as_key("tag", key), value=str(value))
        self._tracker.call(SET_EXPERIMENT_TAG, request)

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Delete one tag of an experiment."""
        self._tracker.call(DELETE_EXPERIMENT_TAG, DeleteExperimentTag(experiment_id=experiment_id, key=key))

    # Runs

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: Mapping[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """Create a run, and wait for it; `fluvial.start_run` does not wait."""
        request = CreateRun(
            experiment_id=str(experiment_id),
            run_name=run_name or "",
            start_time=start_time or time.time_ns() // 1_000_000,
            tags=_as_tags(tags or {}),
        )
        return Run(self._tracker.call(CREATE_RUN, request).run)

    def get_run(self, run_id: str) -> Run:
        """A run, deleted or not, with all that was logged before."""
        return Run(self._tracker.call(GET_RUN, RunId(run_id=run_id)).run)

    def get_parent_run(self, run_id: str) -> Run | None:
        """The run that a run is nested in, if it is."""
        parent_id = self.get_run(run_id).data.tags.get(PARENT_TAG)
        return None if parent_id is None else self.get_run(parent_id)

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: ViewType | str = ViewType.ACTIVE_ONLY,
        max_results: int = DEFAULT_PAGE,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Run]:
        """A page of runs that match."""
        page = self._tracker.call(
            SEARCH_RUNS,
            SearchRuns(
                experiment_ids=tuple(map(str, experiment_ids)),
                filter=filter_string,
                run_view_type=ViewType(run_view_type),
                max_results=max_results,
                order_by=tuple(order_by or ()),
                page_token=page_token,
            ),
        )
        return PagedList(map(Run, page.runs), page.next_page_token)

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Change a run's status or name."""
        self._tracker.write(
            UPDATE_RUN,
            UpdateRun(run_id=run_id, status=as_status(status) if status else None, run_name=name),
        )

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """End a run, as FINISHED where no status is given."""
        request = UpdateRun(
            run_id=run_id,
            status=as_status(status or "FINISHED"),
            end_time=end_time or time.time_ns() // 1_000_000,
        )
        self._tracker.write(UPDATE_RUN, request)

    def delete_run(self, run_id: str) -> None:
        """Put a run into the trash."""
        self._tracker.call(DELETE_RUN, RunId(run_id=run_id))

    def restore_run(self, run_id: str) -> None:
        """Take a run out of the trash."""
        self._tracker.call(RESTORE_RUN, RunId(run_id=run_id))

    # Logging

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: Any,
        timestamp: int | None = None,
        step: SupportsIndex | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> None:
        """Append one point to a metric."""
        about = About(model_id, dataset_name, dataset_digest)
        self._tracker.log_metric(run_id, key, value, step, timestamp, about if any(about) else None)
        self._settle(synchronous)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Set a param, once; returns its value."""
        self._tracker.log_params(run_id, {as_key("param", key): value})
        self._settle(synchronous)
        return value

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[Tag] = (),
        synchronous: bool | None = None,
    ) -> None:
        """Log any number of metrics, params and tags."""
        self._tracker.log_params(run_id, {param.key: param.value for param in params})
        self._tracker.log_points(run_id, metrics)
        self._tracker.set_tags(run_id, {tag.key: tag.value for tag in tags})
        self._settle(synchronous)

    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> None:
        """Set a tag."""
        self._tracker.set_tags(run_id, {as_key("tag", key): value})
        self._settle(synchronous)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Delete a tag."""
        self._tracker.write(DELETE_TAG, DeleteTag(run_id=run_id, key=as_key("tag", key)))

    def log_inputs(
        self, run_id: str, datasets: Sequence[DatasetInput] = (), models: Sequence[ModelInput] = ()
    ) -> None:
        """Record datasets and models that a run read."""
        request = LogInputs(run_id=run_id, datasets=tuple(datasets), models=tuple(models))
        self._tracker.write(LOG_INPUTS, request)

    def get_metric_history(self, run_id: str, key: str) -> MetricHistory:
        """All points of a metric, by step."""
        content = self._tracker.connected().metric_points(run_id, key)
        return MetricHistory.from_columns(key, run_id, content)

    # Artifacts

    def log_artifact(
        self, run_id: str, local_path: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keep a copy of a file or a folder."""
        run_files.log_file(self._tracker, run_id, local_path, artifact_path)

    def log_artifacts(
        self, run_id: str, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keep a copy of everything in a folder."""
        run_files.log_folder(self._tracker, run_id, local_dir, artifact_path)

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Keep a text as a file."""
        self._tracker.log_file(run_id, artifact_file, text.encode())

    def log_dict(self, run_id: str, dictionary: Any, artifact_file: str) -> None:
        """Keep a dict or list as a JSON or YAML file."""
        self._tracker.log_file(run_id, artifact_file, formats.dict_bytes(dictionary, artifact_file))

    def log_figure(
        self, run_id: str, figure: Any, artifact_file: str, *, save_kwargs: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a figure of matplotlib or plotly."""
        content = formats.figure_bytes(figure, artifact_file, save_kwargs)
        self._tracker.log_file(run_id, artifact_file, content)

    def log_image(
        self,
        run_id: str,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Keep an image: under a name, or as one of a series with a key, by step."""
        run_files.log_image(self._tracker, run_id, image, artifact_file, key, step, timestamp)
        self._settle(synchronous)

    def log_table(self, run_id: str, data: Any, artifact_file: str) -> None:
        """Keep a table; one of that name gets the rows appended."""
        run_files.log_table(self._tracker, run_id, data, artifact_file)

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[FileInfo]:
        """The entries of a folder of a run's artifacts."""
        return run_files.list_files(self._tracker, run_id, path)

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Copy an artifact or a folder of them; returns where it is then."""
        target = Path(dst_path) if dst_path is not None else Path(tempfile.mkdtemp(prefix="fluvial-"))
        return str(run_files.download(self._tracker, run_id, path, target))

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until the platform has everything that was logged before; returns whether it has."""
        return self._tracker.flush(timeout_s, gives_up=False)

    def _settle(self, synchronous: bool | None) -> None:
        if synchronous:
            self._tracker.connected()


def _as_tags(tags: Mapping[str, Any]) -> tuple[Tag, ...]:
    return tuple(Tag(key=as_key("tag", key), value=str(value)) for key, value in tags.items())
