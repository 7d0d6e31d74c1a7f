"""Lists of runs."""

from __future__ import annotations

from typing import Any

import click
from msgspec import Struct

from fluvial.cli._named import EXPERIMENT
from fluvial.cli._output import as_json_option, is_terminal, print_json, print_table, say
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._run_columns import PLAIN_DEFAULT, RunColumns
from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.wire.runs import COUNT_RUNS, CountRuns

DEFAULT_LIMIT = 50
_VIEWS = {"active": ViewType.ACTIVE_ONLY, "deleted": ViewType.DELETED_ONLY, "all": ViewType.ALL}


class ListOptions(Struct, frozen=True, kw_only=True):
    """What every list of runs can be told.

    Attributes:
        experiments: Ids or names; none for those of the settings, or all.
        columns: Names with commas between; empty for what fits.
        order_by: In the search language.
        max_results: How many at most; 0 for all.
        view: Whether to look into the trash.
        as_json: JSON instead of a table.
    """

    experiments: tuple[str, ...] = ()
    columns: str = ""
    order_by: tuple[str, ...] = ()
    max_results: int = DEFAULT_LIMIT
    view: ViewType = ViewType.ACTIVE_ONLY
    as_json: bool = False


def view_option(function: Any) -> Any:
    """Give a command the option --view."""
    return click.option(
        "--view",
        type=click.Choice(["active", "deleted", "all"]),
        default="active",
        callback=lambda _context, _parameter, value: _VIEWS[value],
        help="Whether to look into the trash. [active]",
    )(function)


def where_options(function: Any) -> Any:
    """Give a command the options that say which experiments to look at, and whether in the trash."""
    function = view_option(function)
    return click.option(
        "-e",
        "--experiment",
        "--experiment-id",
        "experiments",
        type=EXPERIMENT,
        metavar="NAME|ID",
        multiple=True,
        help="Only runs of this experiment; repeatable. [that of the settings, else all]",
    )(function)


def order_option(function: Any) -> Any:
    """Give a command the option --order-by."""
    return click.option(
        "--order-by", metavar="KEY", multiple=True, help="Such as 'metrics.loss ASC'; repeatable."
    )(function)


def limit_option(function: Any) -> Any:
    """Give a command the option --max-results."""
    return click.option(
        "-n",
        "--max-results",
        type=click.IntRange(0),
        default=DEFAULT_LIMIT,
        help=f"How many at most, 0 for all. [{DEFAULT_LIMIT}]",
    )(function)


def list_options(function: Any) -> Any:
    """Give a command the options of a list of runs."""
    function = reaching(as_json_option(function))
    function = click.option("--columns", default="", metavar="LIST", help="Columns, with commas between.")(
        function
    )
    return where_options(limit_option(order_option(function)))


def experiments_to_search(platform: Reached, named: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the experiments that are named, else of that of the settings, else of all that are in use.

    Raises:
        NotFound: One does not exist.
    """
    settings = platform.settings
    named = named or tuple(filter(None, [settings.experiment_id or settings.experiment_name]))
    if named:
        return tuple(platform.find_experiment(name).experiment_id for name in named)
    return tuple(
        experiment_id
        for experiment_id, experiment in platform.experiments().items()
        if experiment.lifecycle_stage == LifecycleStage.ACTIVE
    )


def list_runs(platform: Reached, filter_text: str, options: ListOptions) -> None:
    """Print the runs that match.

    Raises:
        InvalidFilter: The filter or the order is wrong.
        UsageError: A column is none.
    """
    table = RunColumns(platform.experiments())
    names = table.parse(options.columns)
    where = experiments_to_search(platform, options.experiments)
    found = platform.iter_runs(
        where,
        matching=filter_text,
        order_by=options.order_by,
        view=options.view,
        limit=options.max_results or None,
    )
    if options.as_json:
        for run in found:
            print_json({name: table.value(run, name) for name in names} if names else table.as_json(run))
        return
    if is_terminal():
        shown = list(found)
        found = iter(shown)
        names = names or (table.default(shown) if shown else ())
    columns = [table.column(name, is_short=is_terminal()) for name in names or PLAIN_DEFAULT]
    n_rows = print_table(
        columns, ([table.cell(run, name) for name in names or PLAIN_DEFAULT] for run in found)
    )
    if not n_rows:
        hint = "Look elsewhere with another filter, or -e." if filter_text else "To make some: fluvial demo"
        say(f"No runs{' match' if filter_text else ''}. {hint}")
    elif n_rows == options.max_results and is_terminal():
        request = CountRuns(experiment_ids=where, filter=filter_text, run_view_type=options.view)
        n_all = platform.call(COUNT_RUNS, request).count
        if n_all > n_rows:
            say(
                click.style(
                    f"{n_rows} of {n_all:,} runs; -n 0 shows all, fluvial runs search finds some.", dim=True
                )
            )
