"""A run in the terminal while it trains."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from fluvial.cli._charts import Line, chart
from fluvial.cli._output import STATUS_STYLES, console, short_duration, short_number
from fluvial.cli._platform import ID_CHARS, Reached
from fluvial.cli._run_columns import SYSTEM_METRICS, RunColumns
from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.run import Run
from fluvial.errors import NotFound, Unreachable
from fluvial.wire.metrics import GET_METRIC_SERIES, MAX_SERIES_KEYS, GetMetricSeries, Series
from fluvial.wire.runs import GET_RUN, RunId

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

_log = logging.getLogger("fluvial")

POLL_S = 1.0
# What a server tells is gathered, so that a fast run does not keep this process busy.
MIN_BETWEEN_S = 0.5
_CHART_HEIGHT = 10
_MIN_CHART_WIDTH = 38
_MAX_POINTS = 400


def newest_running(platform: Reached) -> Run:
    """The run that began last among those that are running.

    Raises:
        NotFound: None is.
    """
    active = tuple(
        experiment_id
        for experiment_id, experiment in platform.experiments().items()
        if experiment.lifecycle_stage == LifecycleStage.ACTIVE
    )
    found = next(iter(platform.iter_runs(active, matching="status = 'RUNNING'", limit=1)), None)
    if found is None:
        raise NotFound(
            "No run is running. Name one that has ended, to see how it went: fluvial runs watch RUN"
        )
    return found


def watch_run(platform: Reached, run: Run, metrics: Sequence[str], *, is_live: bool) -> Run:
    """Show a run until it ends.

    Args:
        platform: Where it is.
        run: The run.
        metrics: Which metrics; none for all but the system's.
        is_live: Whether to draw charts in place, or else print a line for each new value.

    Returns:
        The run as it ended.
    """
    return _draw(platform, run, metrics) if is_live else _print(platform, run, metrics)


def _draw(platform: Reached, run: Run, metrics: Sequence[str]) -> Run:
    from rich.live import Live  # noqa: PLC0415 - pipes need not wait for it

    with Live(console=console(), auto_refresh=False, vertical_overflow="crop") as live:
        for newest in _versions(platform, run):
            live.update(_picture(platform, newest, metrics), refresh=True)
    return newest


def _print(platform: Reached, run: Run, metrics: Sequence[str]) -> Run:
    printed: dict[str, int] = {}
    for newest in _versions(platform, run):
        for metric in newest.data.metrics:
            is_wanted = metric.key in metrics if metrics else not metric.key.startswith(SYSTEM_METRICS)
            if is_wanted and printed.get(metric.key) != metric.timestamp:
                printed[metric.key] = metric.timestamp
                click.echo(f"{metric.step}\t{metric.key}\t{metric.value!r}")
    click.echo(f"{newest.info.run_name} has ended: {newest.info.status}", err=True)
    return newest


def _versions(platform: Reached, run: Run) -> Iterator[Run]:
    """The run as it is now, and again whenever it has changed, until it has ended."""
    yield run
    if run.info.status.is_terminal:
        return
    for _ in changes(platform, {"run_id": run.info.run_id}):
        run = platform.call(GET_RUN, RunId(run_id=run.info.run_id)).run
        yield run
        if run.info.status.is_terminal:
            return


def changes(platform: Reached, of: Mapping[str, str]) -> Iterator[None]:
    """When to look again: when the server says so, else every second.

    Args:
        platform: Where to look.
        of: `run_id` or `experiment_id`.
    """
    if platform.target.is_remote:
        from fluvial.client.event_stream import EventStream  # noqa: PLC0415 - only a server has one
        from fluvial.client.http import connect  # noqa: PLC0415

        with closing(connect(platform.target.uri, platform.settings)) as transport:
            try:
                with closing(EventStream(transport, of)) as stream:
                    yield None  # what changed before the server listened for us
                    while stream.wait():
                        yield None
                        time.sleep(MIN_BETWEEN_S)
            except (NotFound, Unreachable) as error:
                _log.info("Looking every %g s instead of listening: %s", POLL_S, error)
    while True:
        time.sleep(POLL_S)
        yield None


def _picture(platform: Reached, run: Run, metrics: Sequence[str]) -> Group:
    from rich.console import Group  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    size = shutil.get_terminal_size()
    keys = metrics or [m.key for m in run.data.metrics if not m.key.startswith(SYSTEM_METRICS)]
    n_across = max(1, size.columns // _MIN_CHART_WIDTH)
    n_across = min(n_across, 3, max(len(keys), 1))
    n_down = max(1, (size.lines - 4) // (_CHART_HEIGHT + 2))
    shown = keys[: min(n_across * n_down, MAX_SERIES_KEYS)]
    request = GetMetricSeries(run_ids=(run.info.run_id,), keys=tuple(shown), max_points=_MAX_POINTS)
    found = {each.key: each for each in platform.call(GET_METRIC_SERIES, request).series} if shown else {}
    width = (size.columns - 2 * (n_across - 1)) // n_across
    blocks = [_block(key, found.get(key), width) for key in shown]
    lines = [_headline(platform, run), Text()]
    for start in range(0, len(blocks), n_across):
        row = blocks[start : start + n_across]
        lines += [Text("  ").join(parts) for parts in zip(*row, strict=True)]
        lines.append(Text())
    if not shown:
        lines.append(Text("No metric was logged yet.", style="dim"))
    elif len(keys) > len(shown):
        lines.append(Text(f"{len(keys) - len(shown)} more metrics; choose with -m KEY.", style="dim"))
    return Group(*lines)


def _headline(platform: Reached, run: Run) -> Text:
    from rich.text import Text  # noqa: PLC0415

    mark, style = STATUS_STYLES[run.info.status]
    end = run.info.end_time or time.time_ns() // 1_000_000
    line = Text()
    line.append(f"{mark} {run.info.status.lower()}", style=style)
    line.append(f"  {run.info.run_name}", style="bold")
    line.append(f"  {run.info.run_id[:ID_CHARS]}", style="cyan")
    line.append(f"  {RunColumns(platform.experiments()).experiment_of(run)}", style="dim")
    return line.append(f"  {short_duration(end - run.info.start_time)}", style="dim")


def _block(key: str, series: Series | None, width: int) -> list[Text]:
    from rich.text import Text  # noqa: PLC0415

    last = "" if series is None or not series.values else short_number(series.values[-1])
    title = Text(key[: width - len(last) - 1].ljust(width - len(last)), style="bold")
    title.append(last, style="not bold blue")
    if series is None or not series.values:
        rows = ["no value yet".ljust(width), *[" " * width] * (_CHART_HEIGHT - 1)]
    else:
        rows = [row.ljust(width) for row in chart(Line(series.steps, series.values), width, _CHART_HEIGHT)]
    return [title, *(Text(row[:width], style="blue") for row in rows)]
