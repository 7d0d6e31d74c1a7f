"""Distributions: how many of some values lie between which edges."""

from __future__ import annotations

import bisect
import itertools
import math
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fluvial.client.tracker import Tracker
from fluvial.client.values import as_key, as_step
from fluvial.errors import InvalidRequest
from fluvial.wire.media import HISTOGRAM, LOG_MEDIA, HistogramBins, LogMedia, MediaItem

__all__ = ["Histogram"]

ITEMS_AT_ONCE = 100


class Histogram:
    """The distribution of some numbers, in bins of equal width from the least to the greatest.

    NaN and infinities are counted apart. The values themselves are not kept.

    Args:
        values: Numbers, of any shape: a list, an array, a tensor.
        bins: How many bins.

    Attributes:
        counts: How many values are in each bin.
        edges: Where the bins begin, and where the last one ends; a value on an edge counts to the right one,
            the greatest to the last.
        n_values: How many finite values there are.
        n_not_finite: How many others.
        mean: Of the finite values; NaN where there are none.
        std: Their standard deviation, √(Σ(mean - x)² / n).

    Raises:
        InvalidRequest: These are no numbers, or there is no bin.

    Example:
        >>> fluvial.Histogram([1, 2, 2, 3], bins=2).counts
        [1, 3]
    """

    def __init__(self, values: Any, bins: int = 64) -> None:
        if bins < 1:
            raise InvalidRequest(f"A histogram has at least one bin, not {bins}.")
        self.mean = self.std = math.nan
        # Who has an array has loaded numpy, which the client itself does without.
        numpy = sys.modules.get("numpy")
        if numpy is not None and (hasattr(values, "__array__") or hasattr(values, "detach")):
            finite, n_all = _finite_of_array(numpy, values)
        else:
            numpy, (finite, n_all) = None, _finite_of_list(values)
        self.n_values = len(finite)
        self.n_not_finite = n_all - len(finite)
        self.counts = [0] * bins
        self.edges = [0.0] * (bins + 1)
        if not self.n_values:
            return
        least, greatest = (
            float(min(finite) if numpy is None else finite.min()),
            float(max(finite) if numpy is None else finite.max()),
        )
        if least == greatest:
            least, greatest = least - 0.5, greatest + 0.5
        self.edges = [least + (greatest - least) * (i / bins) for i in range(bins)] + [greatest]
        if numpy is not None:
            self.mean, self.std = float(finite.mean()), float(finite.std())
            self.counts = numpy.histogram(finite, bins=self.edges)[0].tolist()
            return
        self.mean = math.fsum(finite) / self.n_values
        self.std = math.sqrt(math.fsum((x - self.mean) ** 2 for x in finite) / self.n_values)
        for value in finite:
            self.counts[min(bisect.bisect_right(self.edges, value) - 1, bins - 1)] += 1

    @classmethod
    def of_bins(cls, bins: HistogramBins) -> Histogram:
        """A distribution as the platform keeps it."""
        made = cls.of_counts(bins.counts, bins.edges) if sum(bins.counts) else cls([], len(bins.counts))
        made.n_not_finite = bins.n_not_finite
        return made

    @classmethod
    def of_counts(cls, counts: Sequence[int], edges: Sequence[float]) -> Histogram:
        """A distribution that was counted before; its mean and deviation are those of the bins' middles.

        Raises:
            InvalidRequest: There is not one edge more than counts, or the edges do not rise.
        """
        rises = all(left < right for left, right in itertools.pairwise(edges))
        if len(edges) != len(counts) + 1 or not counts or not rises:
            raise InvalidRequest(
                "A histogram has rising edges, one more than counts, and at least one count."
            )
        made = cls([])
        made.counts, made.edges = [int(count) for count in counts], [float(edge) for edge in edges]
        made.n_values = n = sum(made.counts)
        if n:
            middles = [(left + right) / 2 for left, right in itertools.pairwise(edges)]
            made.mean = sum(x * k for x, k in zip(middles, made.counts, strict=True)) / n
            squares = sum((x - made.mean) ** 2 * k for x, k in zip(middles, made.counts, strict=True))
            made.std = math.sqrt(squares / n)
        return made

    def summary(self) -> dict[str, float]:
        """What is logged as metrics beside it; nothing where no value is finite."""
        if not self.n_values:
            return {}
        return {"mean": self.mean, "std": self.std, "min": self.edges[0], "max": self.edges[-1]}

    def __repr__(self) -> str:
        return f"<Histogram of {self.n_values} values in {len(self.counts)} bins>"


def log_histograms(tracker: Tracker, run_id: str, histograms: Mapping[str, Histogram], step: Any) -> None:
    """Keep histograms of one step, and their summaries as metrics.

    Raises:
        InvalidRequest: A name is none.
    """
    number, now_ms = as_step(step), time.time_ns() // 1_000_000
    items = tuple(
        MediaItem(
            key=as_key("metric", key),
            kind=HISTOGRAM,
            step=number,
            timestamp=now_ms,
            histogram=HistogramBins(
                edges=tuple(histogram.edges),
                counts=tuple(histogram.counts),
                n_not_finite=histogram.n_not_finite,
            ),
        )
        for key, histogram in histograms.items()
    )
    summaries = {
        f"{key}/{name}": value
        for key, histogram in histograms.items()
        for name, value in histogram.summary().items()
    }
    tracker.log_metrics(run_id, summaries, number)
    for start in range(0, len(items), ITEMS_AT_ONCE):
        tracker.write(LOG_MEDIA, LogMedia(run_id=run_id, items=items[start : start + ITEMS_AT_ONCE]))


def _finite_of_array(numpy: Any, values: Any) -> tuple[Any, int]:
    if hasattr(values, "detach"):  # a tensor of PyTorch, perhaps of another device
        values = values.detach().cpu()
    try:
        array = numpy.asarray(values, dtype="float64").ravel()
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"A histogram is of numbers: {error}.") from error
    return array[numpy.isfinite(array)], array.size


def _finite_of_list(values: Any) -> tuple[list[float], int]:
    try:
        numbers = list(_numbers(values))
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"A histogram is of numbers: {error}.") from error
    return [number for number in numbers if math.isfinite(number)], len(numbers)


def _numbers(values: Any) -> Iterable[float]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _numbers(value)
        else:
            yield float(value)
