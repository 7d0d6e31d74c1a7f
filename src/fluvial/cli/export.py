"""`fluvial export`: write an experiment to a folder of Parquet files."""

from __future__ import annotations

from pathlib import Path

import click

from fluvial.cli._named import EXPERIMENT
from fluvial.cli._output import as_json_option, print_json, say
from fluvial.cli._platform import Reached, reaching


@click.command("export")
@click.argument("experiment", type=EXPERIMENT)
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A new folder.",
)
@click.option(
    "--filter", "filter_text", default="", metavar="FILTER", help="Which runs, in the search language."
)
@click.option("--since", metavar="WHEN", help="Runs that started since: 7d, 12h, or 2026-01-31.")
@click.option("--no-points", is_flag=True, help="Leave out the points of the metrics.")
@as_json_option
@reaching
def command(
    platform: Reached,
    experiment: str,
    target: Path,
    filter_text: str,
    since: str | None,
    no_points: bool,
    as_json: bool,
) -> None:
    """Write an EXPERIMENT with its runs, params, tags, metrics and all their points to Parquet files.

    The folder has its name only when it is whole. The same command again goes on where it was stopped.
    DuckDB, Polars and pandas read it; docs/sql.md describes the columns. Needs pyarrow:
    pip install 'fluvial[parquet]'.

    \b
    Examples:
      fluvial export churn --to churn-2026
      fluvial export churn --to best --filter "metrics.auc > 0.8" --no-points
      fluvial export churn --to week --since 7d
      duckdb -c "SELECT key, avg(value) FROM 'churn-2026/points/*.parquet' GROUP BY key"
    """
    from fluvial.cli._progress import Progress  # noqa: PLC0415 - --help need not wait for it
    from fluvial.client.export import export_experiment, started_since  # noqa: PLC0415

    found = platform.find_experiment(experiment)
    conditions = [f"({filter_text})"] if filter_text.strip() else []
    if since:
        conditions.append(started_since(since))
    with Progress("Exporting runs", None) as progress:
        n_before = 0

        def on_runs(n_done: int, n_all: int) -> None:
            nonlocal n_before
            progress.set_total(n_all)
            progress.advance(n_done - n_before)
            n_before = n_done

        written = export_experiment(
            platform.transport,
            found,
            target,
            matching=" AND ".join(conditions),
            has_points=not no_points,
            on_runs=on_runs,
        )
    if as_json:
        print_json(written)
        return
    listed = ", ".join(f"{n:,} {view}" for view, n in written.rows.items() if view != "experiments")
    say(f"{found.name!r} written to {target}: {listed}.")
