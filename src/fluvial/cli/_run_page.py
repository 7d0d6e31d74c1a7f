"""All about one run, as `fluvial runs show` prints it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from fluvial.cli._charts import sparkline
from fluvial.cli._output import (
    STATUS_STYLES,
    Cell,
    Column,
    console,
    is_terminal,
    iso_time,
    number_cell,
    print_table,
    short_duration,
    short_size,
    short_time,
    text_cell,
)
from fluvial.cli._platform import Reached
from fluvial.cli._run_columns import SYSTEM_METRICS, RunColumns, duration_ms, params_of, tags_of
from fluvial.entities.dataset import CONTEXT_TAG
from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.run import NOTE_TAG, PARENT_TAG, STATUS_REASON_TAG, USER_TAG, Run
from fluvial.wire.artifacts import LIST_ARTIFACTS, ListArtifacts
from fluvial.wire.metrics import GET_METRIC_SERIES, MAX_SERIES_KEYS, GetMetricSeries, Series

_MAX_SPARK_WIDTH = 40
_NUMBERS_WIDTH = 68
_PLATFORM_TAGS = "mlflow."
_SOURCE_TAGS = (
    ("source", "mlflow.source.name"),
    ("branch", "mlflow.source.git.branch"),
    ("commit", "mlflow.source.git.commit"),
)


class Fact(NamedTuple):
    """One line of the head of the page."""

    name: str
    value: str
    style: str = ""


def show_run(platform: Reached, run: Run, *, shows_all: bool) -> None:
    """Print a run.

    Args:
        platform: Where it is.
        run: The run.
        shows_all: System metrics and the platform's own tags too.
    """
    _print_facts(list(_facts(platform, run)))
    note = tags_of(run).get(NOTE_TAG)
    if note:
        _section("Note")
        click.echo(note)
    params = sorted(params_of(run).items())
    if params:
        _section(f"Params ({len(params)})")
        print_table([Column("key"), Column("value", may_wrap=True)], _pairs(params))
    _print_metrics(platform, run, shows_all=shows_all)
    tags = [(k, v) for k, v in sorted(tags_of(run).items()) if shows_all or not k.startswith(_PLATFORM_TAGS)]
    if tags:
        _section(f"Tags ({len(tags)})")
        print_table([Column("key"), Column("value", may_wrap=True)], _pairs(tags))
    _print_datasets(run)
    _print_artifacts(platform, run)


def _facts(platform: Reached, run: Run) -> Iterator[Fact]:
    info, tags = run.info, tags_of(run)
    mark, style = STATUS_STYLES[info.status]
    yield Fact("run", info.run_name, "bold")
    yield Fact("id", info.run_id, "cyan")
    yield Fact("experiment", RunColumns(platform.experiments()).experiment_of(run))
    yield Fact("status", f"{mark} {info.status.lower()}" if is_terminal() else info.status, style)
    if STATUS_REASON_TAG in tags:
        yield Fact("reason", tags[STATUS_REASON_TAG], style)
    if info.lifecycle_stage == LifecycleStage.DELETED:
        yield Fact("trash", "yes; fluvial runs restore takes it out", "red")
    started = iso_time(info.start_time)
    yield Fact("started", f"{started[:19]}Z ({short_time(info.start_time)})" if is_terminal() else started)
    took = duration_ms(run)
    if took is not None:
        yield Fact("duration", short_duration(took))
    yield Fact("user", tags.get(USER_TAG, info.user_id))
    if PARENT_TAG in tags:
        yield Fact("parent", tags[PARENT_TAG], "cyan")
    for name, tag in _SOURCE_TAGS:
        if tags.get(tag):
            yield Fact(name, tags[tag])


def _print_facts(facts: Sequence[Fact]) -> None:
    if not is_terminal():
        for fact in facts:
            click.echo(f"{fact.name}\t{fact.value}")
        return
    from rich.text import Text  # noqa: PLC0415 - pipes need not wait for it

    width = max(len(fact.name) for fact in facts)
    for fact in facts:
        line = Text(f"{fact.name:<{width}}  ", style="dim")
        console().print(line.append(fact.value, style=f"not dim {fact.style}"))


def _section(title: str) -> None:
    click.echo()
    click.secho(title, bold=True)


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[list[Cell]]:
    return [[text_cell(key), text_cell(value)] for key, value in pairs]


def _print_metrics(platform: Reached, run: Run, *, shows_all: bool) -> None:
    metrics = [m for m in run.data.metrics if shows_all or not m.key.startswith(SYSTEM_METRICS)]
    n_hidden = len(run.data.metrics) - len(metrics)
    if not run.data.metrics:
        return
    hidden = f"; {n_hidden} of the system: --all" if n_hidden else ""
    _section(f"Metrics ({len(metrics)}{hidden})")
    width = min(max(shutil.get_terminal_size().columns - _NUMBERS_WIDTH, 10), _MAX_SPARK_WIDTH)
    series = _series(platform, run.info.run_id, [metric.key for metric in metrics], width)
    rows = []
    for metric in metrics:
        found = series.get(metric.key)
        least, greatest, drawn = _summary(found, width)
        n_points = "" if found is None else f"{found.n_points:,}"
        rows.append(
            [
                text_cell(metric.key),
                number_cell(metric.value, "bold"),
                number_cell(least),
                number_cell(greatest),
                Cell(f"{metric.step:,}", str(metric.step)),
                Cell(n_points, n_points.replace(",", "")),
                Cell(drawn, ""),
            ]
        )
    columns = [Column("key"), *(Column(t, "right") for t in ("last", "min", "max", "step", "points"))]
    if is_terminal():
        columns.append(Column("", style="blue"))
    print_table(columns, [row[: len(columns)] for row in rows])


def _series(platform: Reached, run_id: str, keys: Sequence[str], n_points: int) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for start in range(0, len(keys), MAX_SERIES_KEYS):
        request = GetMetricSeries(
            run_ids=(run_id,), keys=tuple(keys[start : start + MAX_SERIES_KEYS]), max_points=n_points
        )
        found |= {series.key: series for series in platform.call(GET_METRIC_SERIES, request).series}
    return found


def _summary(series: Series | None, width: int) -> tuple[float | None, float | None, str]:
    """Least and greatest value of all points, NaN left out, and a sparkline."""
    if series is None:
        return None, None, ""
    finite = [v for v in (series.minimums or series.values) if v == v]  # noqa: PLR0124 - NaN is not itself
    finite_high = [v for v in (series.maximums or series.values) if v == v]  # noqa: PLR0124
    drawn = sparkline(series.values, width) if series.n_points > 1 else ""
    return min(finite, default=None), max(finite_high, default=None), drawn


def _print_datasets(run: Run) -> None:
    inputs = run.inputs.dataset_inputs
    if not inputs:
        return
    _section(f"Datasets ({len(inputs)})")
    rows = []
    for each in inputs:
        context = next((tag.value for tag in each.tags if tag.key == CONTEXT_TAG), None)
        rows.append([text_cell(each.dataset.name), text_cell(each.dataset.digest), text_cell(context)])
    print_table([Column("name"), Column("digest"), Column("read for")], rows)


def _print_artifacts(platform: Reached, run: Run) -> None:
    files = platform.call(LIST_ARTIFACTS, ListArtifacts(run_id=run.info.run_id)).files
    if not files:
        return
    _section(f"Artifacts (all: fluvial artifacts tree {run.info.run_id[:8]})")
    rows = [
        [
            text_cell(f"{file.path}/" if file.is_dir else file.path, "blue" if file.is_dir else ""),
            Cell("" if file.file_size is None else short_size(file.file_size), str(file.file_size or "")),
        ]
        for file in files
    ]
    print_table([Column("path"), Column("size", "right")], rows)
