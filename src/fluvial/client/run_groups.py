"""Groups of runs and the values of their fields, for the client."""

from __future__ import annotations

from collections.abc import Sequence

from fluvial.client.tracker import Tracker
from fluvial.client.values import as_view_type
from fluvial.entities.experiment import ViewType
from fluvial.wire.run_groups import (
    FIND_FACETS,
    GROUP_RUNS,
    Facet,
    FindFacets,
    GroupRuns,
    RunGroups,
    Statistic,
)


class RunGroupsClient:
    """The part of the client that groups runs."""

    _tracker: Tracker

    def group_runs(
        self,
        experiment_ids: Sequence[str],
        group_by: Sequence[str],
        numbers: Sequence[str] = (),
        filter_string: str = "",
        *,
        run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
        sort_by: str = "",
        statistic: str = "mean",
        is_descending: bool = False,
        max_groups: int = 1000,
    ) -> RunGroups:
        """Groups of the runs that match, with count, mean, std, min and max of some numbers over each.

        Args:
            experiment_ids: Where to look.
            group_by: Fields of text, such as `params.depth`; runs that lack one are a group too.
            numbers: Fields of numbers, such as `metrics.auc` or `max(metrics.auc)`.
            filter_string: In the search language.
            run_view_type: Whether to look into the trash.
            sort_by: One of `numbers`; empty for the number of runs, most first.
            statistic: Which statistic of it: mean, std, min, max or count.
            is_descending: Whether the greatest comes first.
            max_groups: How many groups at most, up to 10,000.
        """
        request = GroupRuns(
            experiment_ids=tuple(map(str, experiment_ids)),
            filter=filter_string,
            run_view_type=as_view_type(run_view_type),
            group_by=tuple(group_by),
            numbers=tuple(numbers),
            sort_by=sort_by,
            statistic=Statistic(statistic),
            is_descending=is_descending,
            max_groups=max_groups,
        )
        return self._tracker.call(GROUP_RUNS, request)

    def find_facets(
        self,
        experiment_ids: Sequence[str],
        fields: Sequence[str],
        filter_string: str = "",
        *,
        run_view_type: ViewType | str | int = ViewType.ACTIVE_ONLY,
        max_values: int = 50,
        n_bins: int = 20,
    ) -> tuple[Facet, ...]:
        """What some fields have among the runs that match: the values of a text, counted; or a histogram."""
        request = FindFacets(
            experiment_ids=tuple(map(str, experiment_ids)),
            filter=filter_string,
            run_view_type=as_view_type(run_view_type),
            fields=tuple(fields),
            max_values=max_values,
            n_bins=n_bins,
        )
        return self._tracker.call(FIND_FACETS, request).facets
