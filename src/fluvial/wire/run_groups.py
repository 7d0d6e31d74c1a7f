"""Groups of runs and the values of their fields, over the wire."""

from __future__ import annotations

from enum import StrEnum

from fluvial.entities.experiment import ViewType
from fluvial.wire.endpoint import Endpoint, Message


class Statistic(StrEnum):
    """What is computed of a number over the runs of a group."""

    MEAN = "mean"
    STD = "std"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


class GroupRuns(Message, frozen=True, kw_only=True):
    """Group the runs that a search would find, and compute statistics of each group.

    Attributes:
        experiment_ids: Where to look.
        filter: In the language of docs/search.md.
        run_view_type: Which lifecycle stages to look at.
        group_by: Fields that hold text, such as `params.depth`; runs that lack one are a group too.
        numbers: Fields that hold numbers, such as `metrics.auc` or `max(metrics.auc)`.
        sort_by: One of `numbers`, or empty for the number of runs, most first.
        statistic: Which statistic of it is sorted by.
        is_descending: Whether the greatest comes first.
        max_groups: How many groups to give, 1 to 10,000.
    """

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY
    group_by: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    sort_by: str = ""
    statistic: Statistic = Statistic.MEAN
    is_descending: bool = False
    max_groups: int = 1000


class Summary(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A number over the runs of a group; those that lack it or where it is NaN do not count.

    Attributes:
        count: How many runs have the number.
        mean: Arithmetic mean.
        std: Standard deviation of the sample (n - 1); absent for fewer than two.
        min: The least.
        max: The greatest.
    """

    count: int
    mean: float | None = None
    std: float | None = None
    min: float | None = None
    max: float | None = None


class RunGroup(Message, frozen=True, kw_only=True):
    """A group.

    Attributes:
        values: Of each field that is grouped by; null where the runs lack it.
        n_runs: How many runs there are.
        numbers: Of each number, the summary.
    """

    values: tuple[str | None, ...]
    n_runs: int
    numbers: tuple[Summary, ...]


class RunGroups(Message, frozen=True, kw_only=True):
    """Groups in the order that was asked for, and how many groups and runs there are in all."""

    groups: tuple[RunGroup, ...]
    n_groups: int
    n_runs: int


class FindFacets(Message, frozen=True, kw_only=True):
    """Find which values some fields have among the runs that a search would find.

    Attributes:
        experiment_ids: Where to look.
        filter: In the language of docs/search.md.
        run_view_type: Which lifecycle stages to look at.
        fields: Of text (its values are counted) or numbers (a histogram is made), 1 to 50.
        max_values: How many values of a text to give, most frequent first, 1 to 1,000.
        n_bins: How many bins a histogram has, 1 to 1,000.
    """

    experiment_ids: tuple[str, ...] = ()
    filter: str = ""
    run_view_type: ViewType = ViewType.ACTIVE_ONLY
    fields: tuple[str, ...]
    max_values: int = 50
    n_bins: int = 20


class FacetValue(Message, frozen=True, kw_only=True):
    """A value, and how many runs have it."""

    value: str
    n_runs: int


class Histogram(Message, frozen=True, kw_only=True):
    """How numbers are spread; all numbers but NaN and infinities are in a bin.

    Attributes:
        edges: The bins' ends: one more than there are bins; the last bin includes its right end.
        counts: Of each bin.
        n_nan: How many runs have NaN.
        n_infinite: How many have an infinity.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_nan: int
    n_infinite: int


class Facet(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What one field has.

    Attributes:
        field: As it was asked for.
        n_runs: How many runs have it.
        n_missing: How many lack it.
        n_values: Of a text, how many different values there are.
        values: Of a text, the most frequent ones.
        histogram: Of a number.
    """

    field: str
    n_runs: int
    n_missing: int
    n_values: int | None = None
    values: tuple[FacetValue, ...] = ()
    histogram: Histogram | None = None


class Facets(Message, frozen=True, kw_only=True):
    """What the fields have, in the order in which they were asked for."""

    facets: tuple[Facet, ...]


_AT = "/api/1.0/fluvial/runs"

GROUP_RUNS = Endpoint("POST", f"{_AT}/group", GroupRuns, RunGroups, is_repeatable=True)
FIND_FACETS = Endpoint("POST", f"{_AT}/facets", FindFacets, Facets, is_repeatable=True)
