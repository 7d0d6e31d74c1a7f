"""What the commands about experiments print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from fluvial.cli._output import (
    ABSENT,
    Cell,
    Column,
    console,
    is_terminal,
    iso_time,
    number_cell,
    print_json,
    print_table,
    say,
    short_time,
    table_of,
    text_cell,
    time_cell,
)
from fluvial.cli._platform import Reached
from fluvial.cli._run_columns import SYSTEM_METRICS, RunColumns, metrics_of
from fluvial.cli._watch import changes
from fluvial.entities.experiment import Experiment, LifecycleStage, ViewType
from fluvial.entities.run import NOTE_TAG, Run, RunStatus
from fluvial.wire.experiments import (
    SEARCH_EXPERIMENT_OVERVIEWS,
    ExperimentOverview,
    SearchExperimentOverviews,
)
from fluvial.wire.runs import COUNT_RUNS, LIST_RUN_COLUMNS, CountRuns, ListRunColumns

_MAX_PAGE = 1000
_MAX_COMPARED_METRICS = 12


def list_experiments(
    platform: Reached,
    filter_text: str,
    *,
    order_by: tuple[str, ...],
    max_results: int,
    view: ViewType,
    as_json: bool,
) -> None:
    """Print the experiments that match, with the numbers of their runs."""
    found = _overviews(platform, filter_text, order_by, view, max_results or None)
    if as_json:
        for each in found:
            print_json(each)
        return
    columns = [
        Column("id" if is_terminal() else "experiment_id", "right", "cyan"),
        Column("name"),
        Column("runs", "right"),
        Column("running", "right"),
        Column("last run" if is_terminal() else "last_start_time", "right"),
        Column("created" if is_terminal() else "creation_time", "right"),
        Column("note", may_wrap=False),
    ]
    n_rows = print_table(columns, map(_overview_row, found))
    if not n_rows:
        say("No experiments match." if filter_text else "No experiments. To make some: fluvial demo")
    elif n_rows == max_results:
        say(f"There may be more than these {n_rows}; -n 0 shows all.")


def _overviews(
    platform: Reached, filter_text: str, order_by: tuple[str, ...], view: ViewType, limit: int | None
) -> Iterator[ExperimentOverview]:
    token: str | None = None
    n_left = limit
    while True:
        request = SearchExperimentOverviews(
            max_results=min(n_left or _MAX_PAGE, _MAX_PAGE),
            page_token=token,
            filter=filter_text,
            order_by=order_by,
            view_type=view,
        )
        page = platform.call(SEARCH_EXPERIMENT_OVERVIEWS, request)
        yield from page.experiments
        token = page.next_page_token
        if n_left is not None:
            n_left -= len(page.experiments)
        if not token or n_left == 0:
            return


def _overview_row(each: ExperimentOverview) -> list[Cell]:
    experiment = each.experiment
    is_deleted = experiment.lifecycle_stage == LifecycleStage.DELETED
    note = next((tag.value for tag in experiment.tags if tag.key == NOTE_TAG), None)
    return [
        Cell(experiment.experiment_id, experiment.experiment_id),
        text_cell(experiment.name, "dim strike" if is_deleted else "bold"),
        Cell(f"{each.n_runs:,}", str(each.n_runs)),
        Cell(
            f"{each.n_running:,}" if each.n_running else ABSENT,
            str(each.n_running),
            "blue" if each.n_running else "dim",
        ),
        time_cell(each.last_start_time),
        time_cell(experiment.creation_time),
        text_cell(note, "dim"),
    ]


def show_experiment(platform: Reached, experiment: Experiment) -> None:
    """Print what an experiment is."""
    is_deleted = experiment.lifecycle_stage == LifecycleStage.DELETED
    where = (experiment.experiment_id,)
    n_runs = 0 if is_deleted else platform.call(COUNT_RUNS, CountRuns(experiment_ids=where)).count
    facts = [
        ("experiment", experiment.name),
        ("id", experiment.experiment_id),
        ("runs", f"{n_runs:,}" if is_terminal() else str(n_runs)),
        ("created", _when(experiment.creation_time)),
        ("changed", _when(experiment.last_update_time)),
        ("artifacts", experiment.artifact_location),
        *((f"tag {tag.key}", tag.value) for tag in experiment.tags),
    ]
    if is_deleted:
        facts.append(("trash", "yes; fluvial experiments restore takes it out"))
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        if is_terminal():
            click.echo(click.style(f"{name:<{width}}  ", dim=True) + value)
        else:
            click.echo(f"{name}\t{value}")


def _when(time_ms: int) -> str:
    iso = iso_time(time_ms)
    return f"{iso[:19]}Z ({short_time(time_ms)})" if is_terminal() else iso


def compare_experiments(platform: Reached, experiments: Sequence[Experiment], *, as_json: bool) -> None:
    """Print how experiments differ: numbers of runs by status, and the range of the metrics they share."""
    lines: list[tuple[str, list[float | None]]] = [("runs", _counts(platform, experiments, ""))]
    for status in RunStatus:
        counts = _counts(platform, experiments, f"status = '{status}'")
        if any(counts):
            lines.append((status.lower(), counts))
    shared: set[str] | None = None
    for experiment in experiments:
        request = ListRunColumns(experiment_ids=(experiment.experiment_id,))
        keys = {
            k for k in platform.call(LIST_RUN_COLUMNS, request).metrics if not k.startswith(SYSTEM_METRICS)
        }
        shared = keys if shared is None else shared & keys
    for key in sorted(shared or ())[:_MAX_COMPARED_METRICS]:
        for word, order in (("least", "ASC"), ("greatest", "DESC")):
            lines.append((f"{word} {key}", [_extreme(platform, each, key, order) for each in experiments]))
    if as_json:
        names = [experiment.name for experiment in experiments]
        for label, values in lines:
            print_json({"key": label, "values": dict(zip(names, values, strict=True))})
        return
    columns = [Column("key"), *(Column(experiment.name, "right") for experiment in experiments)]
    print_table(columns, ([text_cell(label), *map(number_cell, values)] for label, values in lines))


def _counts(platform: Reached, experiments: Sequence[Experiment], filter_text: str) -> list[float | None]:
    return [
        platform.call(COUNT_RUNS, CountRuns(experiment_ids=(each.experiment_id,), filter=filter_text)).count
        for each in experiments
    ]


def _extreme(platform: Reached, experiment: Experiment, key: str, order: str) -> float | None:
    """The last value of a metric in the run that has the least or the greatest, NaN left out."""
    quoted = key.replace("`", "``")
    found = platform.iter_runs(
        (experiment.experiment_id,),
        matching=f"metrics.`{quoted}` IS NOT NAN",
        order_by=(f"metrics.`{quoted}` {order}",),
        limit=1,
    )
    return next((metrics_of(run).get(key) for run in found), None)


def watch_experiment(platform: Reached, experiment: Experiment, n_runs: int) -> None:
    """Show the newest runs until none of them is running; in a pipe, a line when a run changes its status."""
    table = RunColumns(platform.experiments())
    where = (experiment.experiment_id,)
    if is_terminal():
        from rich.live import Live  # noqa: PLC0415 - pipes need not wait for it

        with Live(console=console(), auto_refresh=False, vertical_overflow="crop") as live:
            for runs in _newest(platform, where, n_runs):
                names = table.default(runs) if runs else ()
                rows = [[table.cell(run, name) for name in names] for run in runs]
                live.update(
                    table_of([table.column(name, is_short=True) for name in names], rows), refresh=True
                )
        return
    said: dict[str, str] = {}
    for runs in _newest(platform, where, n_runs):
        for run in reversed(runs):
            if said.get(run.info.run_id) != run.info.status:
                said[run.info.run_id] = run.info.status
                click.echo(f"{run.info.run_id}\t{run.info.run_name}\t{run.info.status}")


def _newest(platform: Reached, where: tuple[str, ...], n_runs: int) -> Iterator[list[Run]]:
    """The newest runs, now and whenever something has changed, for as long as one of them is running."""
    runs = list(platform.iter_runs(where, limit=n_runs))
    yield runs
    if not _is_any_running(runs):
        return
    for _ in changes(platform, {"experiment_id": where[0]}):
        runs = list(platform.iter_runs(where, limit=n_runs))
        yield runs
        if not _is_any_running(runs):
            return


def _is_any_running(runs: Sequence[Run]) -> bool:
    return any(not run.info.status.is_terminal for run in runs)
