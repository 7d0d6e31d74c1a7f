"""A run as a notebook shows it: what it is, its params, and charts of its metrics, as one piece of HTML.

No script and nothing from outside is in it, so that it stays what it is in a saved notebook. While a run
goes on, `live_display.py` draws it anew.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fluvial.client.metric_definition import MetricDefinition, definitions_in
from fluvial.wire.metrics import GetMetricSeries, MetricSeries, Series

if TYPE_CHECKING:
    from fluvial.client.runs import Run

MAX_CHARTS = 8
MAX_ROWS = 20
WIDTH, HEIGHT, MARGIN = 220, 90, 4

Points = Sequence[tuple[float, float]]
ReadSeries = Callable[[GetMetricSeries], MetricSeries]


def run_html(run: Run, read: ReadSeries) -> str:
    """A run as HTML.

    Args:
        run: As the platform has it.
        read: Reads series of it.
    """
    definitions = definitions_in(run.data.tags)
    own = [key for key in sorted(run.data.metrics) if not key.startswith("system/")]
    # What was given a meaning comes first.
    shown = sorted(own, key=lambda key: key not in definitions)[:MAX_CHARTS]
    found: tuple[Series, ...] = ()
    if shown:
        wanted = GetMetricSeries(run_ids=(run.info.run_id,), keys=tuple(shown), max_points=WIDTH)
        found = read(wanted).series
    points = {series.key: _points(series) for series in found}
    charts = "".join(_chart(key, points.get(key, ()), definitions.get(key)) for key in shown)
    left_out = len(own) - len(shown)
    more = f"<p>and {left_out} more metrics</p>" if left_out else ""
    state = f"<small>{run.info.status} · {run.info.run_id}</small>"
    title = f"{html.escape(run.info.run_name)} {state}"
    return (
        f'<div style="font-family:sans-serif"><h4 style="margin:4px 0">{title}</h4>'
        f"{_table(run.data.params)}"
        f'<div style="display:flex;flex-wrap:wrap;gap:8px">{charts}</div>{more}</div>'
    )


def _table(params: Mapping[str, str]) -> str:
    rows = [
        f"<tr><td>{html.escape(key)}</td><td>{html.escape(value[:100])}</td></tr>"
        for key, value in sorted(params.items())[:MAX_ROWS]
    ]
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _chart(key: str, points: Points, definition: MetricDefinition | None) -> str:
    finite = [(x, y) for x, y in points if math.isfinite(y)]
    label = f"<b>{html.escape(key)}</b> {_summary(finite, definition)}"
    return (
        f'<figure style="margin:0"><figcaption>{label}</figcaption><svg width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" style="background:#8881">{_line(finite)}</svg></figure>'
    )


def _summary(points: Points, definition: MetricDefinition | None) -> str:
    if not points:
        return "no finite value"
    values = [y for _, y in points]
    which = (definition and definition.summary) or "last"
    value = {"last": values[-1], "min": min(values), "max": max(values)}[which]
    return f"{which} {value:.6g}"


def _points(series: Series) -> Points:
    """Step and value of each point; of a bucket of points its least, its greatest and its last."""
    if series.minimums is None or series.maximums is None:
        return list(zip(series.steps, series.values, strict=True))
    buckets = zip(series.steps, series.minimums, series.maximums, series.values, strict=True)
    return [(step, value) for step, *values in buckets for value in values]


def _line(points: Points) -> str:
    if not points:
        return ""
    across, up = _scaled([x for x, _ in points], WIDTH), _scaled([y for _, y in points], HEIGHT)
    places = list(zip(across, up, strict=True))
    if len(places) == 1:
        x, y = places[0]
        return f'<circle cx="{x:.1f}" cy="{HEIGHT - y:.1f}" r="3" fill="#1f77b4"/>'
    path = " ".join(f"{x:.1f},{HEIGHT - y:.1f}" for x, y in places)
    return f'<polyline fill="none" stroke="#1f77b4" stroke-width="1.5" points="{path}"/>'


def _scaled(numbers: Sequence[float], size: int) -> list[float]:
    """Numbers as places from one margin to the other; in the middle where all are one."""
    least, greatest = min(numbers), max(numbers)
    # Halved before they are subtracted, for the sake of values near the greatest float.
    span = greatest / 2 - least / 2
    if not span:
        return [size / 2] * len(numbers)
    return [MARGIN + (number / 2 - least / 2) / span * (size - 2 * MARGIN) for number in numbers]
