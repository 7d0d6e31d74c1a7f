"""Experiments over the wire."""

from __future__ import annotations

from fluvial.entities.experiment import Experiment, ViewType
from fluvial.entities.tag import Tag
from fluvial.wire.endpoint import Empty, Endpoint, Message


class CreateExperiment(Message, frozen=True, kw_only=True):
    """Create an experiment; the name must be free."""

    name: str
    artifact_location: str = ""
    tags: tuple[Tag, ...] = ()


class ExperimentId(Message, frozen=True, kw_only=True):
    """One experiment, by id."""

    experiment_id: str


class ExperimentName(Message, frozen=True, kw_only=True):
    """One experiment, by name."""

    experiment_name: str


class OneExperiment(Message, frozen=True, kw_only=True):
    """One experiment."""

    experiment: Experiment


class UpdateExperiment(Message, frozen=True, kw_only=True):
    """Rename an experiment."""

    experiment_id: str
    new_name: str


class SetExperimentTag(Message, frozen=True, kw_only=True):
    """Set one tag of an experiment."""

    experiment_id: str
    key: str
    value: str = ""


class DeleteExperimentTag(Message, frozen=True, kw_only=True):
    """Delete one tag of an experiment."""

    experiment_id: str
    key: str


class SearchExperiments(Message, frozen=True, kw_only=True):
    """Search experiments.

    Attributes:
        max_results: Page size, 1 to 50,000.
        page_token: Where the page before ended.
        filter: In the language of docs/search.md.
        order_by: Keys, each with ASC or DESC.
        view_type: Which lifecycle stages to look at.
    """

    max_results: int = 1000
    page_token: str | None = None
    filter: str = ""
    order_by: tuple[str, ...] = ()
    view_type: ViewType = ViewType.ACTIVE_ONLY


class ExperimentsPage(Message, frozen=True, kw_only=True):
    """A page of experiments; `next_page_token` is absent on the last."""

    experiments: tuple[Experiment, ...] = ()
    next_page_token: str | None = None


class ExperimentOverview(Message, frozen=True, kw_only=True):
    """An experiment with what its list shows.

    Attributes:
        experiment: The experiment.
        n_runs: Runs that are not deleted.
        n_running: Those of them that are running.
        last_start_time: When the newest of them started, ms since the epoch.
        last_activity_time: When a run was last begun in it, or its name or place changed, by the server's
            clock, to ten seconds.
    """

    experiment: Experiment
    n_runs: int
    n_running: int
    last_start_time: int | None = None
    last_activity_time: int


class SearchExperimentOverviews(Message, frozen=True, kw_only=True):
    """Search experiments, and count their runs."""

    max_results: int = 50
    page_token: str | None = None
    filter: str = ""
    order_by: tuple[str, ...] = ()
    view_type: ViewType = ViewType.ACTIVE_ONLY


class ExperimentOverviewsPage(Message, frozen=True, kw_only=True):
    """A page of experiments with their counts."""

    experiments: tuple[ExperimentOverview, ...] = ()
    next_page_token: str | None = None


_AT = "/api/2.0/mlflow/experiments"

CREATE_EXPERIMENT = Endpoint("POST", f"{_AT}/create", CreateExperiment, ExperimentId)
GET_EXPERIMENT = Endpoint("GET", f"{_AT}/get", ExperimentId, OneExperiment)
GET_EXPERIMENT_BY_NAME = Endpoint("GET", f"{_AT}/get-by-name", ExperimentName, OneExperiment)
SEARCH_EXPERIMENTS = Endpoint(
    "POST", f"{_AT}/search", SearchExperiments, ExperimentsPage, also=("GET",), is_repeatable=True
)
UPDATE_EXPERIMENT = Endpoint("POST", f"{_AT}/update", UpdateExperiment, Empty, is_repeatable=True)
DELETE_EXPERIMENT = Endpoint("POST", f"{_AT}/delete", ExperimentId, Empty)
RESTORE_EXPERIMENT = Endpoint("POST", f"{_AT}/restore", ExperimentId, Empty)
SET_EXPERIMENT_TAG = Endpoint(
    "POST", f"{_AT}/set-experiment-tag", SetExperimentTag, Empty, is_repeatable=True
)
DELETE_EXPERIMENT_TAG = Endpoint("POST", f"{_AT}/delete-experiment-tag", DeleteExperimentTag, Empty)
SEARCH_EXPERIMENT_OVERVIEWS = Endpoint(
    "POST",
    "/api/1.0/fluvial/experiments/overview",
    SearchExperimentOverviews,
    ExperimentOverviewsPage,
    is_repeatable=True,
)
