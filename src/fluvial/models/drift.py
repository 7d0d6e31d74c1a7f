"""How far data have moved from others: the population stability index of each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from fluvial.errors import InvalidRequest

N_BINS = 10


class ColumnDrift(Struct, frozen=True, kw_only=True):
    """How far one column has moved.

    Attributes:
        name: Of the column.
        psi: Population stability index, in nats: 0 where the shares are equal; above 0.2 is usually called
            a shift.
        missing: Share of its rows without a value, in the reference and now.
    """

    name: str
    psi: float
    missing: tuple[float, float]


def compare(reference: Any, current: Any, columns: Sequence[str] = ()) -> tuple[ColumnDrift, ...]:
    """The drift of each column of a table, the largest first.

    Numbers are compared by bins, everything else value by value; rows without a value are a bin of their own.

    Args:
        reference: A frame of pandas that the drift is measured from.
        current: One with the same columns that it is measured on.
        columns: Which columns; all of the reference where none are named.

    Raises:
        InvalidRequest: A column is not in both, or a frame has no rows.
    """
    names = list(columns) or list(reference.columns)
    for what, frame in (("The reference data", reference), ("The current data", current)):
        absent = [name for name in names if name not in frame.columns]
        if absent:
            raise InvalidRequest(
                f"{what} have no column {absent[0]!r}. They have {', '.join(map(str, frame))}."
            )
        if not len(frame):
            raise InvalidRequest(f"{what} have no rows.")
    found = [_of_column(str(name), reference[name], current[name]) for name in names]
    return tuple(sorted(found, key=lambda one: -one.psi))


def psi(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """Population stability index of two sets of counts over the same bins.

    PSI = Σ_b (c_b - r_b) · ln(c_b / r_b), with r_b and c_b the shares of the two in bin b. A bin that one of
    them lacks counts as half a row of it, so that the index is finite. Never negative, and 0 where the
    shares are equal.

    Args:
        reference: Rows in each bin, shape (b,), one at least in all.
        current: As well.

    Returns:
        The index, in nats.

    Source:
        Kullback and Leibler, "On Information and Sufficiency", Ann. Math. Statist. 22 (1951), the divergence
        J. Worked by hand in tests/models/test_drift.py.
    """
    is_used = (reference > 0) | (current > 0)
    before = np.maximum(reference[is_used], 0.5) / reference.sum()
    now = np.maximum(current[is_used], 0.5) / current.sum()
    return float(np.sum((now - before) * np.log(now / before)))


def _of_column(name: str, reference: Any, current: Any) -> ColumnDrift:
    n_missing = (int(reference.isna().sum()), int(current.isna().sum()))
    first, second = reference.dropna(), current.dropna()
    is_numeric = all(column.dtype.kind in "iuf" for column in (first, second))
    counted = _in_bins if is_numeric and len(first) else _by_value
    before, now = counted(first.to_numpy(), second.to_numpy())
    index = psi(np.append(before, n_missing[0]), np.append(now, n_missing[1]))
    missing = (n_missing[0] / len(reference), n_missing[1] / len(current))
    return ColumnDrift(name=name, psi=index, missing=missing)


def _in_bins(reference: Any, current: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows in bins that hold equal shares of the reference; fewer bins where it has ties."""
    edges = np.unique(np.quantile(reference.astype(float), np.linspace(0, 1, N_BINS + 1)[1:-1]))

    def counts(data: Any) -> NDArray[np.float64]:
        found = np.searchsorted(edges, data.astype(float), side="right")
        return np.bincount(found, minlength=len(edges) + 1).astype(float)

    return counts(reference), counts(current)


def _by_value(reference: Any, current: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows with each value, as text."""
    first, second = reference.astype(str), current.astype(str)
    values, index = np.unique(np.concatenate([first, second]), return_inverse=True)
    before = np.bincount(index[: len(first)], minlength=len(values)).astype(float)
    now = np.bincount(index[len(first) :], minlength=len(values)).astype(float)
    return before, now
