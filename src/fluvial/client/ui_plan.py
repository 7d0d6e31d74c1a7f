"""Bringing the platform's views and reports to what is written down, and writing down what there is."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from fluvial.client.process import this_process
from fluvial.client.ui_things import Report, View
from fluvial.entities.experiment import Experiment
from fluvial.errors import InvalidRequest
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.experiments import (
    GET_EXPERIMENT_BY_NAME,
    SEARCH_EXPERIMENTS,
    ExperimentName,
    SearchExperiments,
)
from fluvial.wire.reports import (
    CREATE_REPORT,
    GET_REPORT,
    SEARCH_REPORTS,
    UPDATE_REPORT,
    CreateReport,
    OneReport,
    ReportId,
    SearchReports,
    UpdateReport,
)
from fluvial.wire.saved_views import (
    CREATE_SAVED_VIEW,
    LIST_SAVED_VIEWS,
    UPDATE_SAVED_VIEW,
    CreateSavedView,
    ListSavedViews,
    SavedView,
    UpdateSavedView,
)

Thing = View | Report


class Caller(Protocol):
    """What carries calls to a platform."""

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint."""
        ...


class Step(Struct, frozen=True, kw_only=True):
    """What becomes of one view or report.

    Attributes:
        action: `create`, `update`, or `keep` where it is as it should be.
        kind: `view` or `report`.
        name: Its name, for a view with that of its experiment before it.
        diff: The lines that change, with + and - before them.
    """

    action: Literal["create", "update", "keep"]
    kind: Literal["view", "report"]
    name: str
    diff: str


class _Planned(Struct, frozen=True):
    step: Step
    carry_out: Callable[[], object]


def plan(things: Sequence[Thing], *, caller: Caller | None = None) -> list[Step]:
    """What `apply` would do; changes nothing.

    Args:
        things: Views and reports as they should be.
        caller: The platform; without it the one of `fluvial.set_tracking_uri`.

    Raises:
        NotFound: A view names an experiment that is not there.
        InvalidRequest: Two things have one name, or several reports on the platform have a title.
    """
    return [planned.step for planned in _planned(things, caller or this_process().tracker())]


def apply(things: Sequence[Thing], *, caller: Caller | None = None) -> list[Step]:
    """Create and change what is not as it should be; what is not named is left alone.

    The same things again change nothing.

    Args:
        things: Views and reports as they should be.
        caller: The platform; without it the one of `fluvial.set_tracking_uri`.

    Returns:
        What was done.

    Raises:
        NotFound: A view names an experiment that is not there.
        InvalidRequest: Two things have one name, or several reports on the platform have a title.
        Conflict: Somebody changed one of them at this moment.
    """
    all_planned = list(_planned(things, caller or this_process().tracker()))
    for planned in all_planned:
        planned.carry_out()
    return [planned.step for planned in all_planned]


def export(experiments: Sequence[str] = (), *, caller: Caller | None = None) -> list[Thing]:
    """The views and reports that the platform has, to be written down.

    Args:
        experiments: Names of the experiments whose views are wanted; none for all, and all reports.
        caller: The platform; without it the one of `fluvial.set_tracking_uri`.
    """
    platform = caller or this_process().tracker()
    chosen = [_experiment(platform, name) for name in experiments] or list(_iter_experiments(platform))
    found: list[Thing] = [
        View.from_saved(saved, experiment.name)
        for experiment in chosen
        for saved in _views_of(platform, experiment.experiment_id)
    ]
    if not experiments:
        found += [Report(title=one.report.title, text=one.text) for one in _iter_reports(platform)]
    return found


def _planned(things: Sequence[Thing], platform: Caller) -> Iterator[_Planned]:
    names = [_name(thing) for thing in things]
    for name in names:
        if names.count(name) > 1:
            raise InvalidRequest(f"{name[1]!r} is written down twice.")
    titles = {thing.title for thing in things if isinstance(thing, Report)}
    reports = _by_title(platform, titles) if titles else {}
    for thing in things:
        if isinstance(thing, View):
            yield _view(platform, thing)
        else:
            yield _report(platform, thing, reports.get(thing.title))


def _view(platform: Caller, view: View) -> _Planned:
    experiment_id = _experiment(platform, view.experiment).experiment_id
    found = {one.name: one for one in _views_of(platform, experiment_id)}.get(view.name)
    state = view.to_state()
    before = "" if found is None else _view_text(found.state, is_default=found.is_default)
    step = _step(view, before, _view_text(state, is_default=view.is_default), is_new=found is None)
    if found is None:
        create = CreateSavedView(
            experiment_id=experiment_id, name=view.name, state=state, is_default=view.is_default
        )
        return _Planned(step, lambda: platform.call(CREATE_SAVED_VIEW, create))
    update = UpdateSavedView(
        experiment_id=experiment_id,
        view_id=found.view_id,
        version=found.version,
        state=state,
        is_default=view.is_default,
    )
    return _Planned(step, lambda: None if step.action == "keep" else platform.call(UPDATE_SAVED_VIEW, update))


def _report(platform: Caller, report: Report, found: OneReport | None) -> _Planned:
    step = _step(report, "" if found is None else found.text, report.text, is_new=found is None)
    if found is None:
        create = CreateReport(title=report.title, text=report.text)
        return _Planned(step, lambda: platform.call(CREATE_REPORT, create))
    head = found.report
    update = UpdateReport(report_id=head.report_id, version=head.version, text=report.text)
    return _Planned(step, lambda: None if step.action == "keep" else platform.call(UPDATE_REPORT, update))


def _step(thing: Thing, before: str, after: str, *, is_new: bool) -> Step:
    kind, name = _name(thing)
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return Step(
        action="create" if is_new else "keep" if before == after else "update",
        kind=kind,
        name=name,
        diff="\n".join(line for line in lines if line[:1] in "+-"),
    )


def _name(thing: Thing) -> tuple[Literal["view", "report"], str]:
    if isinstance(thing, View):
        return "view", f"{thing.experiment}: {thing.name}"
    return "report", thing.title


def _view_text(state: dict[str, object], *, is_default: bool) -> str:
    shown = {**state, **({"is_default": True} if is_default else {})}
    return "\n".join(
        f"{key}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}"
        for key, value in sorted(shown.items())
    )


def _experiment(platform: Caller, name: str) -> Experiment:
    return platform.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name=name)).experiment


def _views_of(platform: Caller, experiment_id: str) -> tuple[SavedView, ...]:
    return platform.call(LIST_SAVED_VIEWS, ListSavedViews(experiment_id=experiment_id)).views


def _iter_experiments(platform: Caller) -> Iterator[Experiment]:
    token: str | None = None
    while True:
        page = platform.call(SEARCH_EXPERIMENTS, SearchExperiments(page_token=token))
        yield from page.experiments
        token = page.next_page_token
        if not token:
            return


def _iter_reports(platform: Caller) -> Iterator[OneReport]:
    token: str | None = None
    while True:
        page = platform.call(SEARCH_REPORTS, SearchReports(page_token=token))
        for head in page.reports:
            yield platform.call(GET_REPORT, ReportId(report_id=head.report_id))
        token = page.next_page_token
        if not token:
            return


def _by_title(platform: Caller, titles: set[str]) -> dict[str, OneReport]:
    found: dict[str, OneReport] = {}
    for one in _iter_reports(platform):
        title = one.report.title
        if title in titles and title in found:
            raise InvalidRequest(f"Several reports have the title {title!r}: rename all but one.")
        found[title] = one
    return found
