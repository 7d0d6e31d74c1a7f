"""`FluvialClient`: everything by id, without an active run; the methods of MLflow's `MlflowClient`."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, SupportsIndex

from fluvial.client import artifact_formats as formats
from fluvial.client import run_files, tables
from fluvial.client.active_run import as_status
from fluvial.client.capture.source import user_name
from fluvial.client.history import MetricHistory
from fluvial.client.logged_models_client import LoggedModelsClient
from fluvial.client.media_client import MediaClient
from fluvial.client.metric_chart import MetricChart, chart_request, series_of
from fluvial.client.paged_list import PagedList
from fluvial.client.process import this_process
from fluvial.client.promotions_client import PromotionsClient
from fluvial.client.registry_client import RegistryClient
from fluvial.client.run_frame import frame_of_tables
from fluvial.client.run_groups import RunGroupsClient
from fluvial.client.run_moves import RunMovesClient
from fluvial.client.runs import Experiment, Run
from fluvial.client.tracker import About, RunOperations
from fluvial.client.values import as_key, as_step, as_view_type
from fluvial.entities.artifact import FileInfo
from fluvial.entities.dataset import DatasetInput
from fluvial.entities.experiment import ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.run import PARENT_TAG, ModelInput, ModelOutput
from fluvial.entities.run import Run as RunEntity
from fluvial.entities.tag import Param, Tag
from fluvial.errors import InvalidRequest, NotFound
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
from fluvial.wire.forks import FORK_RUN, REWIND_RUN, ForkRun, RewindRun
from fluvial.wire.metrics import GET_METRIC_SERIES
from fluvial.wire.runs import (
    CREATE_RUN,
    DELETE_RUN,
    DELETE_TAG,
    GET_RUN,
    LOG_INPUTS,
    LOG_OUTPUTS,
    RESTORE_RUN,
    SEARCH_RUNS,
    UPDATE_RUN,
    CreateRun,
    DeleteTag,
    LogInputs,
    LogOutputs,
    RunId,
    SearchRuns,
    UpdateRun,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pandas

__all__ = ["FluvialClient", "MlflowClient", "PagedList"]


DEFAULT_PAGE = 1000


class FluvialClient(
    RunGroupsClient, RunMovesClient, MediaClient, LoggedModelsClient, RegistryClient, PromotionsClient
):
    """Reads and writes by id.

    What is logged is journaled and sent in the background, in order; every other method first waits
    until that is done, then for its answer.

    Args:
        tracking_uri: Where to; what `set_tracking_uri` or the environment says where it is not given.
        registry_uri: Taken where it is the same.

    Raises:
        InvalidRequest: The registry is said to be elsewhere.

    Example:
        >>> client = fluvial.FluvialClient()
        >>> experiment_id = client.create_experiment("rates")
        >>> for rate in (0.1, 0.01):
        ...     run = client.create_run(experiment_id, run_name=f"rate {rate}")
        ...     client.log_metric(run.info.run_id, "loss", rate / 2)
        ...     client.set_terminated(run.info.run_id)
        >>> for run in client.search_runs([experiment_id], "metrics.loss < 1", order_by=["metrics.loss"]):
        ...     print(run.info.run_name, run.data.metrics["loss"])
        rate 0.01 0.005
        rate 0.1 0.05
    """

    def __init__(self, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        process = this_process()
        if registry_uri is not None and registry_uri != (tracking_uri or process.tracking_uri):
            raise InvalidRequest(
                f"Models are registered where runs are logged; leave out registry_uri={registry_uri!r}."
            )
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
        view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
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
                view_type=as_view_type(view_type),
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
            user_id=user_name(),
            run_name=run_name or "",
            start_time=start_time or time.time_ns() // 1_000_000,
            tags=_as_tags(tags or {}),
        )
        return self._run(self._tracker.call(CREATE_RUN, request).run)

    def get_run(self, run_id: str) -> Run:
        """A run, deleted or not, with all that was logged before."""
        return self._run(self._tracker.call(GET_RUN, RunId(run_id=run_id)).run)

    def fork_run(self, run_id: str, step: SupportsIndex, run_name: str | None = None) -> Run:
        """Create a run that goes on with another one up to a step; see `fluvial.fork_run`."""
        request = ForkRun(run_id=run_id, step=as_step(step), run_name=run_name or "")
        return self._run(self._tracker.call(FORK_RUN, request).run)

    def rewind_run(self, run_id: str, step: SupportsIndex) -> tuple[Run, Run]:
        """Let a run go back to a step; returns the run, and what it was before: `fluvial.rewind_run`."""
        found = self._tracker.call(REWIND_RUN, RewindRun(run_id=run_id, step=as_step(step)))
        return self._run(found.run), self._run(found.attempt)

    def get_parent_run(self, run_id: str) -> Run | None:
        """The run that a run is nested in, if it is."""
        parent_id = self.get_run(run_id).data.tags.get(PARENT_TAG)
        return None if parent_id is None else self.get_run(parent_id)

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
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
                run_view_type=as_view_type(run_view_type),
                max_results=max_results,
                order_by=tuple(order_by or ()),
                page_token=page_token,
            ),
        )
        return PagedList(map(self._run, page.runs), page.next_page_token)

    def _run(self, entity: RunEntity) -> Run:
        return Run(entity, lambda request: self._tracker.call(GET_METRIC_SERIES, request))

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
    ) -> RunOperations | None:
        """Append one point to a metric."""
        about = About(model_id, dataset_name, dataset_digest)
        self._tracker.log_metric(run_id, key, value, step, timestamp, about if any(about) else None)
        return self._tracker.settle(synchronous)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Set a param, once; returns its value, or with `synchronous=False` something to wait on."""
        self._tracker.log_params(run_id, {as_key("param", key): value})
        operations = self._tracker.settle(synchronous)
        return operations or value

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[Tag] = (),
        synchronous: bool | None = None,
    ) -> RunOperations | None:
        """Log any number of metrics, params and tags."""
        self._tracker.log_params(run_id, {param.key: param.value for param in params})
        self._tracker.log_points(run_id, metrics)
        self._tracker.set_tags(run_id, {tag.key: tag.value for tag in tags})
        return self._tracker.settle(synchronous)

    def set_tag(
        self, run_id: str, key: str, value: Any, synchronous: bool | None = None
    ) -> RunOperations | None:
        """Set a tag."""
        self._tracker.set_tags(run_id, {as_key("tag", key): value})
        return self._tracker.settle(synchronous)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Delete a tag."""
        self._tracker.write(DELETE_TAG, DeleteTag(run_id=run_id, key=as_key("tag", key)))

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[ModelInput] | None = None,
    ) -> None:
        """Record datasets and logged models that a run read."""
        request = LogInputs(run_id=run_id, datasets=tuple(datasets or ()), models=tuple(models or ()))
        self._tracker.write(LOG_INPUTS, request)

    def log_outputs(self, run_id: str, models: Sequence[ModelOutput]) -> None:
        """Record logged models that a run made, each with its training step."""
        self._tracker.write(LOG_OUTPUTS, LogOutputs(run_id=run_id, models=tuple(models)))

    def get_metric_history(self, run_id: str, key: str) -> MetricHistory:
        """All points of a metric, by step."""
        content = self._tracker.connected().metric_points(run_id, key)
        return MetricHistory.from_columns(key, run_id, content)

    def get_metric_chart(
        self,
        run_ids: str | Sequence[str],
        keys: str | Sequence[str],
        *,
        x: str = "step",
        start: float | None = None,
        end: float | None = None,
        n_buckets: int = 1000,
    ) -> MetricChart:
        """What a chart shows of some metrics of some runs: exact for each of its buckets.

        Args:
            run_ids: One run, or several.
            keys: One metric, or several.
            x: `step`, `time` (ms since the epoch), `relative` (ms since the run's start), or a metric's name.
            start: Where the range on the x axis begins.
            end: Where it ends.
            n_buckets: The most buckets for each series.
        """
        series = series_of(run_ids, keys)
        request = chart_request(series, x, start, end, n_buckets)
        return MetricChart(series, self._tracker.connected().metric_chart(request))

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
        self._tracker.settle(synchronous)

    def log_table(self, run_id: str, data: Any, artifact_file: str) -> None:
        """Keep a table; one of that name gets the rows appended."""
        tables.log_table(self._tracker, run_id, data, artifact_file)

    def load_table(
        self,
        experiment_id: str,
        artifact_file: str,
        run_ids: Sequence[str] | None = None,
        extra_columns: Sequence[str] | None = None,
    ) -> pandas.DataFrame:
        """The tables of that name of some runs, or of all runs of an experiment, as one data frame.

        Args:
            experiment_id: The experiment.
            artifact_file: Name of the tables.
            run_ids: Runs to look at.
            extra_columns: What to say of each row's run: columns of `search_runs`, such as `run_id` or
                `params.depth`.

        Raises:
            NotFound: No such run has a table of that name.
            InvalidRequest: There is no such extra column.
            MissingExtra: pandas is not installed.
        """
        runs = self._iter_runs(experiment_id) if run_ids is None else map(self.get_run, run_ids)
        found = []
        for run in runs:
            if tables.ARTIFACTS_TAG in run.data.tags:
                columns = tables.read_table(self._tracker, run.info.run_id, artifact_file)
                if columns is not None:
                    found.append((run, columns))
        if not found:
            raise NotFound(f"None of these runs of experiment {experiment_id} has a table {artifact_file}.")
        return frame_of_tables(found, extra_columns or ())

    def log_stream(self, run_id: str, stream: BinaryIO, artifact_file: str) -> None:
        """Keep what a stream of bytes gives, to its end; it is not held in memory."""
        run_files.log_stream(self._tracker, run_id, stream, artifact_file)

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

    def _iter_runs(self, experiment_id: str) -> Iterator[Run]:
        token: str | None = None
        while True:
            page = self.search_runs([experiment_id], page_token=token)
            yield from page
            token = page.token
            if not token:
                return


MlflowClient = FluvialClient  # so that the import line is all that changes


def _as_tags(tags: Mapping[str, Any]) -> tuple[Tag, ...]:
    return tuple(Tag(key=as_key("tag", key), value=str(value)) for key, value in tags.items())
