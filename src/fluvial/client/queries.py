"""The functions of `import fluvial` that read or manage: they wait for their answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, overload

from fluvial.client import export
from fluvial.client.active_run import active_runs, last_run_id
from fluvial.client.client import DEFAULT_PAGE, FluvialClient
from fluvial.client.fluent import start_run
from fluvial.client.history import MetricHistory
from fluvial.client.process import this_process
from fluvial.client.run_frame import frame_of_runs
from fluvial.client.runs import Experiment, Run
from fluvial.entities.experiment import DEFAULT_EXPERIMENT_ID, ViewType
from fluvial.errors import InvalidRequest
from fluvial.wire.experiments import GET_EXPERIMENT, ExperimentId

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pandas

__all__ = [
    "ViewType",
    "create_experiment",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_run",
    "export_experiment",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_metric_history",
    "get_parent_run",
    "get_run",
    "last_active_run",
    "load_table",
    "restore_experiment",
    "restore_run",
    "search_experiments",
    "search_runs",
    "set_experiment_tag",
    "set_experiment_tags",
]

MAX_SEARCH_RUNS = 100_000
MAX_PAGE = 10_000


def last_active_run() -> Run | None:
    """The active run, or the one that was active last in this thread, as the server has it now."""
    run_id = last_run_id()
    return None if run_id is None else get_run(run_id)


def get_run(run_id: str) -> Run:
    """A run, with all that was logged before."""
    return FluvialClient().get_run(run_id)


def get_parent_run(run_id: str) -> Run | None:
    """The run that a run is nested in, if it is."""
    return FluvialClient().get_parent_run(run_id)


def delete_run(run_id: str) -> None:
    """Put a run into the trash."""
    FluvialClient().delete_run(run_id)


def restore_run(run_id: str) -> None:
    """Take a run out of the trash."""
    FluvialClient().restore_run(run_id)


def get_metric_history(run_id: str, key: str) -> MetricHistory:
    """All points of a metric, by step."""
    return FluvialClient().get_metric_history(run_id, key)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Where the active run keeps an artifact, or all of them; a run is begun where none is active.

    Example:
        >>> with fluvial.start_run() as run:
        ...     uri = fluvial.get_artifact_uri("model.pkl")
        >>> uri.endswith(f"{run.info.run_id}/artifacts/model.pkl")
        True
    """
    runs = active_runs()
    uri = (runs[-1] if runs else start_run()).info.artifact_uri
    return f"{uri}/{artifact_path}" if artifact_path else uri


def load_table(
    artifact_file: str, run_ids: Sequence[str] | None = None, extra_columns: Sequence[str] | None = None
) -> pandas.DataFrame:
    """The tables of that name of some runs, or of all runs of the experiment that is set, as one data frame.

    Args:
        artifact_file: Name of the tables.
        run_ids: Runs to look at.
        extra_columns: What to say of each row's run: columns of `search_runs`, such as `run_id` or
            `params.depth`.

    Raises:
        NotFound: No such run has a table of that name.
        InvalidRequest: There is no such extra column.
        MissingExtra: pandas is not installed.
    """
    client = FluvialClient()
    return client.load_table(experiment_that_is_set(client), artifact_file, run_ids, extra_columns)


@overload
def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_SEARCH_RUNS,
    order_by: Sequence[str] | None = None,
    output_format: Literal["pandas"] = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> pandas.DataFrame: ...
@overload
def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_SEARCH_RUNS,
    order_by: Sequence[str] | None = None,
    *,
    output_format: Literal["list"],
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> list[Run]: ...
def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_SEARCH_RUNS,
    order_by: Sequence[str] | None = None,
    output_format: str = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> pandas.DataFrame | list[Run]:
    """Search runs: in the experiments named, or in the one that is set.

    Args:
        experiment_ids: Experiments by id.
        filter_string: In the search language, such as `metrics.auc > 0.8 and params.model = 'rf'`.
        run_view_type: Deleted runs too, or only these.
        max_results: The most to return.
        order_by: Such as `["metrics.auc DESC"]`; newest first where there is none.
        output_format: `pandas` for a data frame, `list` for runs.
        search_all_experiments: Look everywhere if neither ids nor names are given.
        experiment_names: Experiments by name; those that are missing have no runs.

    Raises:
        InvalidRequest: Ids and names are both given, or the filter is wrong.
        MissingExtra: pandas is asked for and not installed.

    Example:
        >>> experiment = fluvial.set_experiment("search")
        >>> with fluvial.start_run():
        ...     fluvial.log_metric("auc", 0.9)
        >>> fluvial.search_runs(filter_string="metrics.auc > 0.8")["metrics.auc"].tolist()
        [0.9]
    """
    if output_format not in ("pandas", "list"):
        raise InvalidRequest(f"output_format is 'pandas' or 'list', not {output_format!r}.")
    client = FluvialClient()
    where = _experiments_to_search(client, experiment_ids, experiment_names, search_all_experiments)
    runs: list[Run] = []
    token: str | None = None
    while where and len(runs) < max_results:
        n_wanted = min(max_results - len(runs), MAX_PAGE)
        page = client.search_runs(where, filter_string, run_view_type, n_wanted, order_by, token)
        runs += page
        token = page.token
        if not token:
            break
    return runs if output_format == "list" else frame_of_runs(runs)


def create_experiment(
    name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
) -> str:
    """Create an experiment; returns its id.

    Raises:
        AlreadyExists: The name is taken.
    """
    return FluvialClient().create_experiment(name, artifact_location, tags)


def get_experiment(experiment_id: str) -> Experiment:
    """An experiment by id, deleted or not."""
    return FluvialClient().get_experiment(experiment_id)


def get_experiment_by_name(name: str) -> Experiment | None:
    """An experiment by name, deleted or not; None where there is none."""
    return FluvialClient().get_experiment_by_name(name)


def search_experiments(
    view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: Sequence[str] | None = None,
) -> list[Experiment]:
    """All experiments that match, or the first of them."""
    client = FluvialClient()
    found: list[Experiment] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        n_wanted = DEFAULT_PAGE if max_results is None else min(max_results - len(found), DEFAULT_PAGE)
        page = client.search_experiments(view_type, n_wanted, filter_string, order_by, token)
        found += page
        token = page.token
        if not token:
            break
    return found


def delete_experiment(experiment_id: str) -> None:
    """Put an experiment and its runs into the trash."""
    FluvialClient().delete_experiment(experiment_id)


def export_experiment(
    name_or_id: str, target: str | Path, filter_string: str = "", *, has_points: bool = True
) -> dict[str, int]:
    """Write an experiment to a new folder of Parquet files; goes on where an earlier try was stopped.

    Needs pyarrow: `pip install 'fluvial[parquet]'`. docs/sql.md describes the columns.

    Args:
        name_or_id: The experiment.
        target: The folder.
        filter_string: Which runs, in the search language.
        has_points: Whether to write the points of the metrics.

    Returns:
        How many rows each view has.
    """
    tracker = this_process().tracker()
    client = FluvialClient()
    client.flush()
    found = client.get_experiment_by_name(name_or_id) or client.get_experiment(name_or_id)
    request = ExperimentId(experiment_id=found.experiment_id)
    entity = tracker.transport().call(GET_EXPERIMENT, request).experiment
    written = export.export_experiment(
        tracker.transport(), entity, Path(target), matching=filter_string, has_points=has_points
    )
    return written.rows


def restore_experiment(experiment_id: str) -> None:
    """Take an experiment and its runs out of the trash."""
    FluvialClient().restore_experiment(experiment_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """Set a tag of the experiment that is set."""
    set_experiment_tags({key: value})


def set_experiment_tags(tags: Mapping[str, Any]) -> None:
    """Set tags of the experiment that is set."""
    client = FluvialClient()
    experiment_id = experiment_that_is_set(client)
    for key, value in tags.items():
        client.set_experiment_tag(experiment_id, key, value)


def delete_experiment_tag(key: str) -> None:
    """Delete a tag of the experiment that is set."""
    client = FluvialClient()
    client.delete_experiment_tag(experiment_that_is_set(client), key)


def _experiments_to_search(
    client: FluvialClient,
    experiment_ids: Sequence[str] | None,
    experiment_names: Sequence[str] | None,
    search_all: bool,
) -> list[str]:
    if experiment_ids and experiment_names:
        raise InvalidRequest("search_runs takes experiment_ids or experiment_names, not both.")
    if experiment_ids:
        return list(map(str, experiment_ids))
    if experiment_names:
        found = [client.get_experiment_by_name(name) for name in experiment_names]
        return [experiment.experiment_id for experiment in found if experiment is not None]
    if search_all:
        return [experiment.experiment_id for experiment in search_experiments(ViewType.ALL)]
    return [experiment_that_is_set(client)]


def experiment_that_is_set(client: FluvialClient) -> str:
    """The id of the experiment that runs go to; it is made where it was only named so far."""
    process = this_process()
    if process.experiment_name:
        experiment = client.get_experiment_by_name(process.experiment_name)
        if experiment is not None:
            return experiment.experiment_id
        return client.create_experiment(process.experiment_name)
    return process.experiment_id or DEFAULT_EXPERIMENT_ID
