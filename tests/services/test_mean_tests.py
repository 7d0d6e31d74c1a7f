"""One-sided tests against tables and results worked by hand."""

from __future__ import annotations

import math

import pytest

from fluvial.services.mean_tests import mann_whitney, paired, t_above, welch


@pytest.mark.parametrize(
    ("t", "freedom", "p"),
    [  # from tables of Student's distribution
        (0.0, 5, 0.5),
        (6.314, 1, 0.05),
        (2.920, 2, 0.05),
        (1.812, 10, 0.05),
        (2.764, 10, 0.01),
        (-1.812, 10, 0.95),
        (3.090, 1e6, 0.001),
    ],
)
def test_tails_of_students_distribution_are_those_of_the_tables(t: float, freedom: float, p: float) -> None:
    assert t_above(t, freedom) == pytest.approx(p, rel=2e-3)


def test_welch_has_the_statistic_that_is_worked_by_hand() -> None:
    # means 4 and 2, variances 2.5 and 1, five values each: t = 2 / sqrt(0.5 + 0.2)
    tested = welch([2, 3, 4, 5, 6], [1, 1, 2, 3, 3])

    assert tested.statistic == pytest.approx(2 / math.sqrt(0.7))
    assert tested.difference == 2
    assert 0.01 < tested.p_value < 0.03


def test_pairs_count_what_changed_for_each() -> None:
    before = [10.0, 20.0, 30.0, 40.0]
    after = [value + change for value, change in zip(before, (1.0, 1.1, 0.9, 1.0), strict=True)]

    assert paired(after, before).p_value < 0.001
    assert welch(after, before).p_value > 0.4


def test_mann_whitney_counts_the_pairs_in_which_the_first_is_greater() -> None:
    tested = mann_whitney([3, 4, 5, 6, 7], [1, 2, 3, 2, 1])

    assert tested.statistic == 24.5  # of 25 pairs, with one tie
    # z = (24.5 - 12.5 - 0.5) / sqrt(25 / 12 * (11 - 18 / 90)), and P(Z > z)
    z = 11.5 / math.sqrt(25 / 12 * (11 - 18 / 90))
    assert tested.p_value == pytest.approx(0.5 * math.erfc(z / math.sqrt(2)))


def test_samples_without_spread_are_certain_and_too_few_are_refused() -> None:
    assert welch([1.0, 1.0], [0.5, 0.5]).p_value == 0.0
    assert welch([1.0, 1.0], [1.0, 1.0]).p_value == 1.0
    with pytest.raises(ValueError, match="two values"):
        welch([1.0], [1.0, 2.0])
