"""Nested runs as the rows of a list: families under their parents, of which some are open.

Works on numbers: a run is its place among all runs, its parent another place, or -1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
_ID_CHARS = 32


class TreeRow(NamedTuple):
    """A run in the list.

    Attributes:
        place: Of the run.
        depth: How many runs it is within.
    """

    place: int
    depth: int


class Tree:
    """The runs that match, with those that they are within.

    A family stands where the first of its members that match stands, at every depth. A run whose parent is
    not there, and one that is said to be within itself, is within nothing.

    Args:
        parents: Of each run, the place of its parent, or -1.
        matched: Places of the runs that match, in their order.

    Attributes:
        n_below: Of each run, how many runs of the tree are within it, at any depth.
        is_match: Of each run, whether it matches itself.
    """

    def __init__(self, parents: Places, matched: Places) -> None:
        parents, depths = _without_rings(parents)
        n = len(parents)
        ranks = np.full(n, n, np.intp)
        ranks[matched] = np.arange(len(matched))
        self.is_match = ranks < n
        by_depth = np.argsort(depths, kind="stable")
        bounds = np.searchsorted(depths[by_depth], np.arange(depths.max(initial=0) + 2))
        self.n_below = np.zeros(n, np.intp)
        for level in range(len(bounds) - 2, 0, -1):
            members = by_depth[bounds[level] : bounds[level + 1]]
            members = members[ranks[members] < n]
            np.minimum.at(ranks, parents[members], ranks[members])
            np.add.at(self.n_below, parents[members], self.n_below[members] + 1)
        included = np.flatnonzero(ranks < n)
        ordered = included[np.lexsort((ranks[included], parents[included]))]
        self._starts = np.searchsorted(parents[ordered], np.arange(-1, n + 1))
        self._ordered = ordered

    def rows(self, toggled: Collection[int], *, is_open: bool) -> list[TreeRow]:
        """The rows that are seen.

        Args:
            toggled: Places of the families that are the other way than usual.
            is_open: Whether families are usually open.
        """
        rows: list[TreeRow] = []
        waiting = [TreeRow(place, 0) for place in reversed(self._children(-1))]
        while waiting:
            row = waiting.pop()
            rows.append(row)
            if is_open != (row.place in toggled):
                depth = row.depth + 1
                waiting += [TreeRow(place, depth) for place in reversed(self._children(row.place))]
        return rows

    def _children(self, place: int) -> list[int]:
        found: list[int] = self._ordered[self._starts[place + 1] : self._starts[place + 2]].tolist()
        return found


def links(
    codes: Places, texts: Sequence[str], id_high: NDArray[np.uint64], id_low: NDArray[np.uint64]
) -> Places:
    """The places of runs that are named by their ids.

    Args:
        codes: Of each run, which of the texts names its parent; -1 for none.
        texts: Ids of runs, or anything else.
        id_high: The first half of each run's id.
        id_low: The second.
    """
    places = np.full(len(texts) + 1, -1, np.intp)
    named = {
        code: halves for code in np.unique(codes[codes >= 0]).tolist() if (halves := _halves(texts[code]))
    }
    if named:
        by_high = np.argsort(id_high, kind="stable")
        wanted = np.array([high for high, _ in named.values()], np.uint64)
        lows = np.array([low for _, low in named.values()], np.uint64)
        at = np.minimum(np.searchsorted(id_high, wanted, sorter=by_high), len(by_high) - 1)
        found = by_high[at]
        is_same = (id_high[found] == wanted) & (id_low[found] == lows)
        places[list(named)] = np.where(is_same, found, -1)
    return places[codes]


def _halves(text: str) -> tuple[int, int] | None:
    if len(text) != _ID_CHARS or not all(char in "0123456789abcdef" for char in text):
        return None
    return int(text[:16], 16), int(text[16:], 16)


def _without_rings(parents: Places) -> tuple[Places, NDArray[np.intp]]:
    """Parents with every ring cut up, and how deep each run is."""
    depths, above = _climb(parents)
    if (above >= 0).any():
        parents = parents.copy()
        parents[above[above >= 0]] = -1
        depths, _ = _climb(parents)
    return parents, depths


def _climb(parents: Places) -> tuple[NDArray[np.intp], Places]:
    depths = (parents >= 0).astype(np.intp)
    above = parents
    # Each round climbs twice as far as the one before: who is not at the top then is in a ring, or below one.
    for _ in range(len(parents).bit_length()):
        is_below = above >= 0
        if not is_below.any():
            break
        depths = depths + np.where(is_below, depths[above], 0)
        above = np.where(is_below, above[above], -1)
    return depths, above
