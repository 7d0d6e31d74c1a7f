"""Runs over the wire."""

from __future__ import annotations

from msgspec.structs import force_setattr

from fluvial.entities.dataset import DatasetInput
from fluvial.entities.experiment import DEFAULT_EXPERIMENT_ID, ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.run import ModelInput, ModelOutput, Run, RunInfo, RunStatus
from fluvial.entities.tag import Param, Tag
from fluvial.errors import InvalidRequest
from fluvial.wire.endpoint import Empty, Endpoint, Message


class OfRun(Message, frozen=True, kw_only=True):
    """Base of messages about one run, which old clients name `run_uuid` and new ones `run_id`."""

    run_id: str = ""
    run_uuid: str = ""

    def __post_init__(self) -> None:
        if not self.run_id:
            if not self.run_uuid:
                raise InvalidRequest("The request lacks 'run_id'.")
            force_setattr(self, "run_id", self.run_uuid)


class CreateRun(Message, frozen=True, kw_only=True):
    """Start a run; the server chooses its id."""

    experiment_id: str = DEFAULT_EXPERIMENT_ID
    user_id: str = ""
    run_name: str = ""
    start_time: int | None = None
    tags: tuple[Tag, ...] = ()


class StartRun(Message, frozen=True, kw_only=True):
    """Start a run under an id that the caller chose, or find it if it was started before.

    What a client's journal holds: it can be sent at any time later, and more than once.

    Attributes:
        run_id: 32 hex characters.
        experiment_id: The experiment; or `experiment_name`, which is created where it is missing.
        experiment_name: The experiment, by name.
        user_id: Who started it.
        run_name: For people; generated where it is empty.
        start_time: ms since the epoch.
        tags: Labels.
        beats: Whether the caller gives signs of life (`wire/heartbeats.py`) until the run ends.
    """

    run_id: str
    experiment_id: str = ""
    experiment_name: str = ""
    user_id: str = ""
    run_name: str = ""
    start_time: int | None = None
    tags: tuple[Tag, ...] = ()
    beats: bool = False


class OneRun(Message, frozen=True, kw_only=True):
    """One run."""

    run: Run


class RunId(OfRun, frozen=True, kw_only=True):
    """One run, by id."""


class UpdateRun(OfRun, frozen=True, kw_only=True):
    """Change a run's status, end or name; what is absent stays as it is."""

    status: RunStatus | None = None
    end_time: int | None = None
    run_name: str | None = None


class UpdatedRun(Message, frozen=True, kw_only=True):
    """A run after a change."""

    run_info: RunInfo


class LogMetric(OfRun, frozen=True, kw_only=True):
    """Append one point to one metric of a run."""

    key: str
    value: float
    timestamp: int
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class LogParam(OfRun, frozen=True, kw_only=True):
    """Set one param of a run, once; the same value again changes nothing."""

    key: str
    value: str = ""


class LogBatch(Message, frozen=True, kw_only=True):
    """Append metrics, params and tags to one run, all or none."""

    run_id: str
    metrics: tuple[Metric, ...] = ()
    params: tuple[Param, ...] = ()
    tags: tuple[Tag, ...] = ()


class SetTag(OfRun, frozen=True, kw_only=True):
    """Set one tag of a run."""

    key: str
    value: str = ""


class DeleteTag(OfRun, frozen=True, kw_only=True):
    """Delete one tag of a run."""

    key: str


class LogInputs(OfRun, frozen=True, kw_only=True):
    """Record datasets and models that a run read."""

    datasets: tuple[DatasetInput, ...] = ()
    models: tuple[ModelInput, ...] = ()


class LogOutputs(OfRun, frozen=True, kw_only=True):
    """Record models that a run made."""

    models: tuple[ModelOutput, ...]


class LogModel(OfRun, frozen=True, kw_only=True):
    """Record a model the way clients before logged models did: JSON text, kept in a tag."""

    model_json: str


class SearchRuns(Message, frozen=True, kw_only=True):
    """Search the runs of some experiments.

    Attributes:
        experiment_ids: Where to look; none finds nothing.
        filter: In the language of docs/search.md.
        run_view_type: Which lifecycle stages to look at.
        max_results: Page size, 1 to 50,000.
        order_by: Keys, each with ASC or DESC; newest first where there are none.
        page_token: Where the page before ended.
        select: What to answer of each run, such as `metrics.loss`, `params.*`, `tags.team` and `inputs`, and
            always its attributes; everything where there is nothing.
    """

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY
    max_results: int = 1000
    order_by: tuple[str, ...] = ()
    page_token: str | None = None
    select: tuple[str, ...] = ()


class RunsPage(Message, frozen=True, kw_only=True):
    """A page of runs; `next_page_token` is absent on the last."""

    runs: tuple[Run, ...] = ()
    next_page_token: str | None = None


class CountRuns(Message, frozen=True, kw_only=True):
    """Count the runs that a search would find."""

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY


class Count(Message, frozen=True, kw_only=True):
    """How many there are."""

    count: int


class ListRunColumns(Message, frozen=True, kw_only=True):
    """Which params, metrics and tags the runs of some experiments have.

    Attributes:
        experiment_ids: Where to look.
        name_contains: Part of a name, in any case; empty for all.
        max_names: How many names of each kind to give; absent for all.
    """

    experiment_ids: tuple[str, ...]
    name_contains: str = ""
    max_names: int | None = None


class RunColumns(Message, frozen=True, kw_only=True):
    """Names, sorted, and how many there are of each kind, given or not.

    Attributes:
        params: Of params.
        metrics: Of metrics.
        tags: Of tags.
        n_params: How many params contain the text.
        n_metrics: How many metrics.
        n_tags: How many tags.
    """

    params: tuple[str, ...]
    metrics: tuple[str, ...]
    tags: tuple[str, ...]
    n_params: int = 0
    n_metrics: int = 0
    n_tags: int = 0


_AT = "/api/2.0/mlflow/runs"

CREATE_RUN = Endpoint("POST", f"{_AT}/create", CreateRun, OneRun)
GET_RUN = Endpoint("GET", f"{_AT}/get", RunId, OneRun)
UPDATE_RUN = Endpoint("POST", f"{_AT}/update", UpdateRun, UpdatedRun, is_repeatable=True)
DELETE_RUN = Endpoint("POST", f"{_AT}/delete", RunId, Empty)
RESTORE_RUN = Endpoint("POST", f"{_AT}/restore", RunId, Empty)
SEARCH_RUNS = Endpoint("POST", f"{_AT}/search", SearchRuns, RunsPage, is_repeatable=True)
LOG_METRIC = Endpoint("POST", f"{_AT}/log-metric", LogMetric, Empty, is_repeatable=True)
LOG_PARAM = Endpoint("POST", f"{_AT}/log-parameter", LogParam, Empty, is_repeatable=True)
LOG_BATCH = Endpoint("POST", f"{_AT}/log-batch", LogBatch, Empty, is_repeatable=True)
SET_TAG = Endpoint("POST", f"{_AT}/set-tag", SetTag, Empty, is_repeatable=True)
DELETE_TAG = Endpoint("POST", f"{_AT}/delete-tag", DeleteTag, Empty)
LOG_INPUTS = Endpoint("POST", f"{_AT}/log-inputs", LogInputs, Empty)
LOG_OUTPUTS = Endpoint("POST", f"{_AT}/outputs", LogOutputs, Empty)
LOG_MODEL = Endpoint("POST", f"{_AT}/log-model", LogModel, Empty)

START_RUN = Endpoint("POST", "/api/1.0/fluvial/runs/start", StartRun, OneRun, is_repeatable=True)
COUNT_RUNS = Endpoint("POST", "/api/1.0/fluvial/runs/count", CountRuns, Count, is_repeatable=True)
LIST_RUN_COLUMNS = Endpoint(
    "POST", "/api/1.0/fluvial/runs/columns", ListRunColumns, RunColumns, is_repeatable=True
)
