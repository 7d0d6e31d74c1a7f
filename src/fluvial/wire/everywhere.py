"""Looking for one text among everything that has a name."""

from __future__ import annotations

from fluvial.entities.run import RunStatus
from fluvial.wire.endpoint import Endpoint, Message


class SearchEverywhere(Message, frozen=True, kw_only=True):
    """Find what a text names: experiments, runs, views and reports that are not deleted.

    Attributes:
        text: Part of a name, the beginning of an id, or words in the texts of a run.
        max_results: Of each kind at most, 1 to 50.
    """

    text: str
    max_results: int = 6


class FoundExperiment(Message, frozen=True, kw_only=True):
    """An experiment that was found."""

    experiment_id: str
    name: str


class FoundRun(Message, frozen=True, kw_only=True):
    """A run that was found."""

    run_id: str
    run_name: str
    experiment_id: str
    experiment_name: str
    status: RunStatus
    start_time: int


class FoundView(Message, frozen=True, kw_only=True):
    """A saved view that was found."""

    view_id: str
    name: str
    experiment_id: str
    experiment_name: str


class FoundReport(Message, frozen=True, kw_only=True):
    """A report that was found."""

    report_id: str
    title: str


class FoundEverywhere(Message, frozen=True, kw_only=True):
    """What was found, the best of each kind first."""

    experiments: tuple[FoundExperiment, ...] = ()
    runs: tuple[FoundRun, ...] = ()
    views: tuple[FoundView, ...] = ()
    reports: tuple[FoundReport, ...] = ()


SEARCH_EVERYWHERE = Endpoint(
    "POST", "/api/1.0/fluvial/search", SearchEverywhere, FoundEverywhere, is_repeatable=True
)
