"""`fluvial sql`: ask the store questions in SQL."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from fluvial.cli._named import EXPERIMENT
from fluvial.cli._output import say
from fluvial.cli._platform import Reached, reaching
from fluvial.errors import MissingExtra

SHOWN_ROWS = 1_000
MANY_ROWS = 2**31


@click.command("sql")
@click.argument("query")
@click.option(
    "-e",
    "--experiment",
    "experiments",
    multiple=True,
    type=EXPERIMENT,
    metavar="NAME",
    help="What the views hold; repeatable. [all experiments]",
)
@click.option("--json", "format_name", flag_value="json", help="One JSON object per row.")
@click.option("--csv", "format_name", flag_value="csv", help="CSV with a header.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file: .parquet, .csv or .jsonl.",
)
@click.option(
    "-n", "--max-rows", type=click.IntRange(min=1), help="[1,000 as a table, else the server's limit]"
)
@reaching
def command(
    platform: Reached,
    query: str,
    experiments: tuple[str, ...],
    format_name: str | None,
    target: Path | None,
    max_rows: int | None,
) -> None:
    """Run a QUERY, one SELECT in DuckDB's dialect, over the views of what was logged.

    The views are experiments, runs, params, tags, metrics and points; docs/sql.md lists their columns.
    Nothing can be written. QUERY may be - for the standard input. Needs DuckDB where the store is:
    pip install 'fluvial[sql]'.

    \b
    Examples:
      fluvial sql "SELECT status, count(*) FROM runs GROUP BY ALL"
      fluvial sql -e churn "SELECT run_id, value FROM metrics WHERE key = 'auc' ORDER BY value DESC LIMIT 5"
      fluvial sql -e churn "SELECT * FROM points WHERE key = 'loss'" -o loss.parquet
    """
    from fluvial.wire.sql import RunSql  # noqa: PLC0415

    chosen = format_name or (target.suffix.lstrip(".").lower() if target else "table")
    chosen = {"jsonl": "json"}.get(chosen, chosen)
    if target is not None and chosen not in {"json", "csv", "parquet"}:
        raise click.UsageError(f"{target} could be anything: end it in .parquet, .csv or .jsonl.")
    request = RunSql(
        query=sys.stdin.read() if query == "-" else query,
        experiment_ids=tuple(platform.find_experiment(name).experiment_id for name in experiments),
        max_rows=max_rows or (SHOWN_ROWS if chosen == "table" else MANY_ROWS),
        format="arrow" if chosen == "parquet" else "json",
    )
    if chosen == "parquet" and target is not None:
        _write_parquet(platform.transport.run_sql(request), target)
        return
    _print(platform.transport.run_sql(request), chosen, target)


def _write_parquet(answer: bytes, target: Path) -> None:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtra("Parquet", "parquet") from error
    from fluvial.cli._export import whole_file  # noqa: PLC0415
    from fluvial.wire.sql import TRUNCATED  # noqa: PLC0415

    table = pa.ipc.open_stream(answer).read_all()
    with whole_file(target) as part:
        parquet.write_table(table, part, compression="zstd")
    say(f"{table.num_rows:,} rows written to {target}.")
    if TRUNCATED in (table.schema.metadata or {}):
        _say_truncated(table.num_rows)


def _print(answer: bytes, chosen: str, target: Path | None) -> None:
    import msgspec  # noqa: PLC0415

    from fluvial.cli._export import whole_file  # noqa: PLC0415
    from fluvial.wire.sql import SqlResult  # noqa: PLC0415

    result = msgspec.json.decode(answer, type=SqlResult)
    if chosen == "table":
        _print_table(result.columns, result.rows)
    elif target is None:
        _write_text(result.columns, result.rows, chosen, sys.stdout)
    else:
        with whole_file(target) as part, part.open("w", encoding="utf-8", newline="") as file:
            _write_text(result.columns, result.rows, chosen, file)
        say(f"{len(result.rows):,} rows written to {target}.")
    if result.is_truncated:
        _say_truncated(len(result.rows))


def _write_text(columns: list[str], rows: list[list[Any]], chosen: str, file: Any) -> None:
    if chosen == "csv":
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
        return
    from fluvial.wire import codec  # noqa: PLC0415

    for row in rows:
        file.write(codec.encode(dict(zip(columns, row, strict=True))).decode() + "\n")


def _print_table(columns: list[str], rows: list[list[Any]]) -> None:
    from fluvial.cli._output import Column, print_table  # noqa: PLC0415

    print_table([Column(name) for name in columns], ([_cell(value) for value in row] for row in rows))


def _cell(value: Any) -> Any:
    from fluvial.cli._output import number_cell, text_cell  # noqa: PLC0415

    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_cell(value)
    return text_cell(None if value is None else str(value))


def _say_truncated(n_rows: int) -> None:
    say(f"The first {n_rows:,} rows; there are more. -n asks for more, up to the server's limit.")
