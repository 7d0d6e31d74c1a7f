"""How a measurement is said and kept."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, to_builtins

RESULTS = Path(__file__).parent / "results"


class Measure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number, beside the peer's.

    Attributes:
        name: What was measured.
        unit: Of both numbers.
        fluvial: Median.
        peer: The same of MLflow; None where it has nothing like it.
        spread: Least and greatest of fluvial's runs.
        more_is_better: Whether a greater number is better.
        target: What it should reach, as text.
        is_met: Whether it does.
    """

    name: str
    unit: str
    fluvial: float
    peer: float | None = None
    spread: tuple[float, float] | None = None
    more_is_better: bool = False
    target: str
    is_met: bool

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        if self.peer is None:
            return None
        return self.fluvial / self.peer if self.more_is_better else self.peer / self.fluvial


def p95(times: Sequence[float]) -> float:
    """What 95 of 100 were no longer than."""
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]


def measured(
    name: str,
    unit: str,
    runs: Sequence[float],
    *,
    peer: Sequence[float] = (),
    below: float | None = None,
    above: float | None = None,
    times_peer: float | None = None,
) -> Measure:
    """A measure from the numbers of several runs, by their medians.

    Args:
        name: What was measured.
        unit: Its unit.
        runs: Of fluvial.
        peer: Of MLflow.
        below: The target is to stay below this.
        above: The target is to be above this.
        times_peer: The target is to be this many times better; with `above` unset, less is better.
    """
    more_is_better = above is not None
    ours = statistics.median(runs)
    theirs = statistics.median(peer) if peer else None
    targets, is_met = [], True
    if below is not None:
        targets.append(f"under {below:g} {unit}".rstrip())
        is_met &= ours < below
    if above is not None and above > 0:
        targets.append(f"over {above:g} {unit}")
        is_met &= ours > above
    measure = Measure(
        name=name,
        unit=unit,
        fluvial=ours,
        peer=theirs,
        spread=(min(runs), max(runs)),
        more_is_better=more_is_better,
        target="",
        is_met=is_met,
    )
    if times_peer is not None and measure.ratio is not None:
        targets.append(f"over {times_peer:g} times MLflow")
        is_met &= measure.ratio > times_peer
    return Measure(
        **{**to_builtins(measure), "spread": measure.spread, "target": ", ".join(targets), "is_met": is_met}
    )


def report(script: str, measures: Sequence[Measure]) -> None:
    """Print measures, and keep them in bench/results/<script>.json."""
    for measure in measures:
        line = f"{measure.name}: {_number(measure.fluvial)} {measure.unit}"
        if measure.spread is not None and measure.spread[0] != measure.spread[1]:
            line += f" ({_number(measure.spread[0])} to {_number(measure.spread[1])})"
        if measure.peer is not None:
            line += f"; MLflow {_number(measure.peer)} {measure.unit}: {_number(measure.ratio or 0)} times"
        line += f"; target {measure.target}: {'met' if measure.is_met else 'MISSED'}"
        print(line, flush=True)
    RESULTS.mkdir(exist_ok=True)
    content = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "measures": [{**to_builtins(one), "ratio": one.ratio} for one in measures],
    }
    (RESULTS / f"{script}.json").write_text(json.dumps(content, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
