"""The command `export`, of runs and of experiments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fluvial.cli._output import say
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._run_columns import RunColumns
from fluvial.cli._run_tables import experiments_to_search, order_option, where_options
from fluvial.entities.experiment import ViewType


def export_options(function: Any) -> Any:
    """Give a command the options of an export."""
    for option in (
        click.option("--filter", "filter_text", default="", metavar="FILTER", help="In the search language."),
        click.option("--columns", default="", metavar="LIST", help="Columns, with commas between. [all]"),
        click.option("--points", "has_points", is_flag=True, help="All points of the metrics, not the runs."),
        click.option(
            "-f",
            "--format",
            "format_name",
            type=click.Choice(["csv", "json", "jsonl", "parquet"]),
            help="[by the file's suffix, else csv]",
        ),
        click.option(
            "-o",
            "--output",
            "target",
            type=click.Path(dir_okay=False, path_type=Path),
            help="[the standard output]",
        ),
    ):
        function = option(function)
    return order_option(function)


@click.command("export")
@where_options
@export_options
@reaching
def export_command(platform: Reached, experiments: tuple[str, ...], **options: Any) -> None:
    """Write runs, or all points of their metrics, to CSV, JSON or Parquet.

    A page is in memory at a time, so that any number can be exported. Parquet needs pyarrow:
    pip install 'fluvial[parquet]'.

    \b
    Examples:
      fluvial runs export -e churn -o runs.csv
      fluvial runs export --filter "metrics.auc > 0.8" -o best.parquet
      fluvial runs export --points -e churn -o points.parquet
      fluvial runs export --columns run_id,metrics.auc -f jsonl | jq .
    """
    run_export(platform, experiments, **options)


def run_export(
    platform: Reached,
    experiments: tuple[str, ...],
    *,
    filter_text: str,
    columns: str,
    has_points: bool,
    format_name: Any,
    target: Path | None,
    order_by: tuple[str, ...],
    view: ViewType = ViewType.ACTIVE_ONLY,
) -> None:
    """Export, and say what was written."""
    from fluvial.cli._export import FORMATS, Exported, export  # noqa: PLC0415 - others need not wait for it

    chosen = format_name or (target.suffix.lstrip(".").lower() if target else "csv")
    if chosen not in FORMATS:
        raise click.UsageError(f"Say the format with -f: {target} could be any of {', '.join(FORMATS)}.")
    what = Exported(
        experiment_ids=experiments_to_search(platform, experiments),
        filter=filter_text,
        order_by=order_by,
        view=view,
        columns=RunColumns(platform.experiments()).parse(columns),
        has_points=has_points,
    )
    n_rows = export(platform, what, target, chosen)
    if target is not None:
        say(f"{n_rows:,} {'points' if has_points else 'runs'} written to {target}.")
