"""Groups of runs, and the values of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from fluvial.cli._output import (
    Cell,
    Column,
    as_json_option,
    is_terminal,
    number_cell,
    print_json,
    print_table,
    say,
    text_cell,
)
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._run_tables import experiments_to_search, where_options
from fluvial.entities.experiment import ViewType
from fluvial.wire.run_groups import (
    FIND_FACETS,
    GROUP_RUNS,
    Facet,
    FindFacets,
    GroupRuns,
    RunGroup,
    Statistic,
)

_BAR_WIDTH = 30
_filter_option = click.option(
    "--filter", "filter_text", default="", metavar="FILTER", help="In the search language."
)


@click.command("group")
@click.option(
    "--by", "by", metavar="FIELD", multiple=True, required=True, help="Such as params.depth; repeatable."
)
@click.option(
    "-m", "--number", "numbers", metavar="FIELD", multiple=True, help="Such as metrics.auc; repeatable."
)
@_filter_option
@click.option("--sort-by", metavar="FIELD", default="", help="One of the numbers. [the number of runs]")
@click.option(
    "--statistic",
    type=click.Choice([statistic.value for statistic in Statistic]),
    default="mean",
    help="Which statistic of it. [mean]",
)
@click.option("--desc", "is_descending", is_flag=True, help="The greatest first.")
@click.option("-n", "--max-groups", type=click.IntRange(1, 10_000), default=50, help="How many at most. [50]")
@where_options
@as_json_option
@reaching
def group_command(
    platform: Reached,
    by: tuple[str, ...],
    numbers: tuple[str, ...],
    filter_text: str,
    sort_by: str,
    statistic: str,
    experiments: tuple[str, ...],
    view: ViewType,
    *,
    is_descending: bool,
    max_groups: int,
    as_json: bool,
) -> None:
    """Group runs by params, tags or attributes: mean, deviation and range over seeds and folds.

    \b
    Examples:
      fluvial runs group --by params.depth -m metrics.auc
      fluvial runs group --by params.model --by params.lr -m metrics.acc --sort-by metrics.acc --desc
      fluvial runs group -e churn --by status -m duration
      fluvial runs group --by params.depth -m metrics.auc --json | jq '.numbers[0].mean'
    """
    request = GroupRuns(
        experiment_ids=experiments_to_search(platform, experiments),
        filter=filter_text,
        run_view_type=view,
        group_by=by,
        numbers=numbers,
        sort_by=sort_by,
        statistic=Statistic(statistic),
        is_descending=is_descending,
        max_groups=max_groups,
    )
    found = platform.call(GROUP_RUNS, request)
    if as_json:
        for group in found.groups:
            print_json(group)
        return
    columns = [*(Column(name) for name in by), Column("runs", "right")]
    for name in numbers:
        columns += [
            Column(f"{name}\n{each}" if is_terminal() else f"{name} {each}", "right") for each in _SHOWN
        ]
    if not print_table(columns, (_cells(group) for group in found.groups)):
        say("No runs match. Look elsewhere with another filter, or -e.")
    elif found.n_groups > len(found.groups):
        say(f"{len(found.groups)} of {found.n_groups:,} groups; -n shows more.")


@click.command("facets")
@click.argument("fields", metavar="FIELD...", nargs=-1, required=True)
@_filter_option
@click.option("-n", "--max-values", type=click.IntRange(1, 1000), default=20, help="How many at most. [20]")
@click.option("--bins", "n_bins", type=click.IntRange(1, 1000), default=10, help="Of a histogram. [10]")
@where_options
@as_json_option
@reaching
def facets_command(
    platform: Reached,
    fields: tuple[str, ...],
    filter_text: str,
    experiments: tuple[str, ...],
    view: ViewType,
    *,
    max_values: int,
    n_bins: int,
    as_json: bool,
) -> None:
    """Count the values of params, tags and attributes, and how metrics are spread.

    \b
    Examples:
      fluvial runs facets params.model status
      fluvial runs facets metrics.auc --bins 20 --filter "params.model = 'resnet'"
      fluvial runs facets params.seed --json | jq .n_values
    """
    request = FindFacets(
        experiment_ids=experiments_to_search(platform, experiments),
        filter=filter_text,
        run_view_type=view,
        fields=fields,
        max_values=max_values,
        n_bins=n_bins,
    )
    found = platform.call(FIND_FACETS, request).facets
    for number, facet in enumerate(found):
        if as_json:
            print_json(facet)
            continue
        if number:
            click.echo()
        columns = [Column(facet.field), Column("runs", "right"), *([Column("")] if is_terminal() else [])]
        print_table(columns, _counts(facet))
        rest = (facet.n_values or 0) - len(facet.values)
        if rest > 0:
            say(f"{rest:,} more values; -n shows more.")


_SHOWN = ("mean", "std", "min", "max")


def _cells(group: RunGroup) -> list[Cell]:
    cells = [*(text_cell(value) for value in group.values), number_cell(group.n_runs)]
    for summary in group.numbers:
        cells += [number_cell(getattr(summary, each)) for each in _SHOWN]
    return cells


def _counts(facet: Facet) -> Iterator[list[Cell]]:
    counts: list[tuple[Cell, int]] = [(text_cell(one.value), one.n_runs) for one in facet.values]
    if facet.histogram is not None:
        histogram = facet.histogram
        edges = [number_cell(edge) for edge in histogram.edges]
        counts += [
            (Cell(f"{low.shown} to {high.shown}", f"{low.plain} {high.plain}"), n)
            for low, high, n in zip(edges, edges[1:], histogram.counts, strict=False)
        ]
        others = (("NaN", histogram.n_nan), ("infinite", histogram.n_infinite))
        counts += [(Cell(name, name, "red"), n) for name, n in others if n]
    if facet.n_missing:
        counts.append((text_cell(None), facet.n_missing))
    most = max((n for _, n in counts), default=1) or 1
    for label, n in counts:
        bar: list[Any] = [Cell("█" * round(n / most * _BAR_WIDTH), "", "blue")] if is_terminal() else []
        yield [label, number_cell(n), *bar]
