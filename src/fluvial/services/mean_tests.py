"""Whether one sample has a greater mean or location than another: one-sided tests, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

MIN_SAMPLES = 2


class Tested(NamedTuple):
    """What a test found.

    Attributes:
        statistic: t of Welch and paired, U of Mann-Whitney.
        p_value: Of the hypothesis that the first is not greater than the second.
        difference: Mean of the first less that of the second.
    """

    statistic: float
    p_value: float
    difference: float


def welch(first: Sequence[float], second: Sequence[float], margin: float = 0.0) -> Tested:
    """Welch's t-test, one-sided: is the mean of the first greater than that of the second by a margin?

    t = (m1 - m2 - margin) / √(s1²/n1 + s2²/n2), with the Welch-Satterthwaite degrees of freedom.

    Args:
        first: At least two numbers.
        second: At least two numbers.
        margin: By how much.

    Raises:
        ValueError: A sample has fewer than two numbers.

    Source:
        Welch, "The generalization of 'Student's' problem when several different population variances are
        involved", Biometrika 34 (1947).
    """
    _check(first, second)
    (mean1, var1), (mean2, var2) = _moments(first), _moments(second)
    part1, part2 = var1 / len(first), var2 / len(second)
    difference = mean1 - mean2
    if part1 + part2 == 0:
        return _exact(difference, margin)
    t = (difference - margin) / math.sqrt(part1 + part2)
    freedom = (part1 + part2) ** 2 / (part1**2 / (len(first) - 1) + part2**2 / (len(second) - 1))
    return Tested(t, t_above(t, freedom), difference)


def paired(first: Sequence[float], second: Sequence[float], margin: float = 0.0) -> Tested:
    """The paired t-test, one-sided: is the mean of the differences greater than a margin?

    Raises:
        ValueError: The samples have different lengths, or fewer than two numbers.

    Source:
        Student, "The probable error of a mean", Biometrika 6 (1908).
    """
    _check(first, second)
    if len(first) != len(second):
        raise ValueError(f"Pairs need as many values on both sides, not {len(first)} and {len(second)}.")
    mean, variance = _moments([a - b for a, b in zip(first, second, strict=True)])
    if variance == 0:
        return _exact(mean, margin)
    t = (mean - margin) / math.sqrt(variance / len(first))
    return Tested(t, t_above(t, len(first) - 1), mean)


def mann_whitney(first: Sequence[float], second: Sequence[float], margin: float = 0.0) -> Tested:
    """The Mann-Whitney U test, one-sided, by the normal approximation with ties and continuity corrected.

    Raises:
        ValueError: A sample has fewer than two numbers.

    Source:
        Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
        other", Ann. Math. Statist. 18 (1947).
    """
    _check(first, second)
    shifted = [value - margin for value in first]
    ordered = sorted([(value, 0) for value in shifted] + [(value, 1) for value in second])
    n1, n2 = len(first), len(second)
    ranks1, ties, start = 0.0, 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        rank = (start + 1 + end) / 2
        ranks1 += rank * sum(1 for _, side in ordered[start:end] if side == 0)
        ties += (end - start) ** 3 - (end - start)
        start = end
    u = ranks1 - n1 * (n1 + 1) / 2
    n = n1 + n2
    deviation = math.sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))))
    difference = _moments(first)[0] - _moments(second)[0]
    if deviation == 0:
        return _exact(difference, margin)
    z = (u - n1 * n2 / 2 - 0.5) / deviation
    return Tested(u, 0.5 * math.erfc(z / math.sqrt(2)), difference)


def t_above(t: float, freedom: float) -> float:
    """P(T > t) of Student's distribution with n degrees of freedom.

    For t > 0 half of the regularised incomplete beta function I_x(n/2, 1/2), x = n/(n+t²).

    Source:
        Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.1 and 26.5.
    """
    tail = 0.5 * _beta(freedom / (freedom + t * t), freedom / 2, 0.5)
    return tail if t > 0 else 1 - tail


def _beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) by its continued fraction, evaluated by Lentz's method."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    result = d
    for m in range(1, 500):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or tiny)
            c = 1 + factor / c or tiny
            result *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * result / a


def _exact(difference: float, margin: float) -> Tested:
    """Samples without any spread: the difference is certain, one way or the other."""
    is_greater = difference > margin
    return Tested(math.inf if is_greater else -math.inf, 0.0 if is_greater else 1.0, difference)


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Mean and variance of a sample."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1)


def _check(first: Sequence[float], second: Sequence[float]) -> None:
    if min(len(first), len(second)) < MIN_SAMPLES:
        raise ValueError(f"A test needs two values on each side, not {len(first)} and {len(second)}.")
