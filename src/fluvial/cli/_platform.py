"""How a command reaches the platform: the option --tracking-uri, and what is found there by name."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from fluvial.client.targets import Target, connect, find_target
from fluvial.client.transport import Transport
from fluvial.entities.experiment import Experiment, ViewType
from fluvial.entities.run import Run
from fluvial.errors import InvalidRequest, NotFound
from fluvial.settings import ClientSettings, find_home, read_settings
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.experiments import (
    GET_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    SEARCH_EXPERIMENTS,
    ExperimentId,
    ExperimentName,
    SearchExperiments,
)
from fluvial.wire.runs import GET_RUN, SEARCH_RUNS, RunId, SearchRuns

PAGE = 500
# Experiments are small, and the order of a store of 100,000 is found anew for each page.
EXPERIMENTS_PAGE = 10_000
ID_CHARS = 8
_RUN_ID = re.compile(r"[0-9a-f]{32}")
_ID_PREFIX = re.compile(r"[0-9a-f]{4,31}")
_MANY = 6

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Reached:
    """The platform that a command works on: a server, a database, or the embedded store.

    Nothing is connected before the first call, so that wrong options are told first.

    Args:
        tracking_uri: What the command line says; else the settings count.

    Attributes:
        settings: Of this process.
        target: Where it is.
        may_create: Whether a store that is not there is made; only commands that write say so.
    """

    def __init__(self, tracking_uri: str | None) -> None:
        self.settings = read_settings(ClientSettings, os.environ)
        self.home = find_home(self.settings.home)
        self.target: Target = find_target(tracking_uri or self.settings.tracking_uri, self.home)
        self.may_create = False
        self._transport: Transport | None = None
        self._experiments: dict[str, Experiment] | None = None

    @property
    def transport(self) -> Transport:
        """The way there.

        Raises:
            NotFound: It is a file that is not there.
        """
        if self._transport is None:
            self._require_store()
            self._transport = connect(self.target, self.settings)
        return self._transport

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint."""
        return self.transport.call(endpoint, request)

    def close(self) -> None:
        """Let go of it."""
        if self._transport is not None:
            self._transport.close()

    def experiments(self) -> dict[str, Experiment]:
        """All experiments by id, also those in the trash; read once."""
        if self._experiments is None:
            self._experiments = {
                found.experiment_id: found for found in self.iter_experiments(view=ViewType.ALL)
            }
        return self._experiments

    def iter_experiments(
        self,
        *,
        matching: str = "",
        view: ViewType = ViewType.ACTIVE_ONLY,
    ) -> Iterator[Experiment]:
        """Experiments that match, page by page."""
        token: str | None = None
        while True:
            request = SearchExperiments(
                max_results=EXPERIMENTS_PAGE, page_token=token, filter=matching, view_type=view
            )
            page = self.call(SEARCH_EXPERIMENTS, request)
            yield from page.experiments
            token = page.next_page_token
            if not token:
                return

    def iter_runs(
        self,
        experiment_ids: tuple[str, ...],
        *,
        matching: str = "",
        order_by: tuple[str, ...] = (),
        view: ViewType = ViewType.ACTIVE_ONLY,
        limit: int | None = None,
    ) -> Iterator[Run]:
        """Runs that match, page by page, at most `limit`."""
        token: str | None = None
        n_left = limit
        while experiment_ids:
            size = PAGE if n_left is None else min(n_left, PAGE)
            request = SearchRuns(
                experiment_ids=experiment_ids,
                filter=matching,
                run_view_type=view,
                max_results=size,
                order_by=order_by,
                page_token=token,
            )
            page = self.call(SEARCH_RUNS, request)
            yield from page.runs
            token = page.next_page_token
            if n_left is not None:
                n_left -= len(page.runs)
            if not token or n_left == 0:
                return

    def find_experiment(self, named: str) -> Experiment:
        """The experiment with an id or a name.

        Raises:
            NotFound: There is none; the message names the nearest.
        """
        if named.isdigit():
            try:
                return self.call(GET_EXPERIMENT, ExperimentId(experiment_id=named)).experiment
            except NotFound:
                pass  # digits may be a name as well
        try:
            return self.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name=named)).experiment
        except NotFound as error:
            names = [experiment.name for experiment in self.experiments().values()]
            near = _nearest(named, names)
            hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
            raise NotFound(
                f"No experiment has the id or the name {named!r}.{hint}\n"
                "  fluvial experiments list shows what there is."
            ) from error

    def find_run(self, named: str) -> Run:
        """The run with an id, the beginning of one, or a name that only it has.

        Raises:
            NotFound: There is none; the message names the nearest.
            InvalidRequest: There are several.
        """
        if _RUN_ID.fullmatch(named):
            try:
                return self.call(GET_RUN, RunId(run_id=named)).run
            except NotFound as error:
                raise self._no_run(named) from error
        quoted = named.replace("'", "''")
        filters = [f"run_name = '{quoted}'"]
        if _ID_PREFIX.fullmatch(named):
            filters.insert(0, f"run_id LIKE '{named}%'")
        for each in filters:
            found = self._some_runs(each)
            if len(found) > 1:
                raise InvalidRequest(
                    f"{named!r} may be several runs:\n{_listed(found)}\n  Give more of the id."
                )
            if found:
                return found[0]
        raise self._no_run(named)

    def _some_runs(self, matching: str) -> list[Run]:
        ids = tuple(self.experiments())
        return list(self.iter_runs(ids, matching=matching, view=ViewType.ALL, limit=_MANY))

    def _no_run(self, named: str) -> NotFound:
        pattern = named.replace("'", "''")
        near = self._some_runs(f"run_id LIKE '{pattern[:4]}%' OR run_name ILIKE '%{pattern}%'")
        if not near:
            newest = list(self.iter_runs(tuple(self.experiments()), limit=PAGE))
            names = _nearest(named, [run.info.run_name for run in newest])
            near = [run for run in newest if run.info.run_name in names][:_MANY]
        hint = f" Near it:\n{_listed(near)}" if near else ""
        return NotFound(
            f"No run has the id or the name {named!r}.{hint}\n  fluvial runs list shows the newest."
        )

    def _require_store(self) -> None:
        url = urlsplit(self.target.uri)
        if self.may_create or not url.scheme.startswith("sqlite"):
            return
        file = Path(self.target.uri.partition(":///")[2])
        if not file.exists():
            raise NotFound(
                f"There is no store at {file} yet.\n"
                "  Log a run, or fill one to look around in: fluvial demo\n"
                "  To look elsewhere: --tracking-uri, or FLUVIAL_TRACKING_URI."
            )


def reaching(function: Decorated) -> Decorated:
    """Give a command the option --tracking-uri, and the platform there as the argument `platform`."""
    return click.option(
        "--tracking-uri",
        "platform",
        metavar="URI",
        callback=_open,
        help="URL of a server or a database, or a folder. [what the settings say]",
    )(function)


def _open(context: click.Context, parameter: click.Parameter, value: str | None) -> Reached | str | None:  # noqa: ARG001
    if context.resilient_parsing:
        return value  # for what completes the rest of the line
    platform = Reached(value)
    context.call_on_close(platform.close)
    return platform


def _nearest(named: str, known: list[str]) -> list[str]:
    by_lower_case = {name.lower(): name for name in known}
    close = difflib.get_close_matches(named.lower(), by_lower_case, n=2)
    close = close or [name for name in by_lower_case if named.lower() in name][:2]
    return [by_lower_case[name] for name in close]


def _listed(runs: list[Run]) -> str:
    shown = [f"    {run.info.run_id[: ID_CHARS + 4]}  {run.info.run_name}" for run in runs[: _MANY - 1]]
    return "\n".join([*shown, "    …"] if len(runs) == _MANY else shown)
