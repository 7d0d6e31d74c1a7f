/** How two groups of values differ, and how sure one can be of it. */

import { normalTwoSided, studentCritical, studentTwoSided } from "./distributions";

export interface Sample {
  n: number;
  mean: number;
  /** With n − 1 in the denominator; NaN for one value. */
  deviation: number;
}

export interface WelchTest {
  /** Mean of the second group less that of the first. */
  difference: number;
  t: number;
  degrees: number;
  p: number;
  /** Bounds of the 95 % confidence interval of the difference. */
  low: number;
  high: number;
}

export interface RankTest {
  /** U of the second group: in how many pairs its value is the greater one, ties counting half. */
  u: number;
  p: number;
  /** False where p is from the normal approximation. */
  isExact: boolean;
  /** Share of pairs in which the second group's value is the greater one, ties counting half. */
  superiority: number;
}

const CONFIDENCE = 0.95;
/** As many values in the smaller group have an exact distribution; more are near enough to the normal. */
const MAX_EXACT = 8;
const MAX_EXACT_PAIRS = 4000;

export function describeSample(values: readonly number[]): Sample {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, deviation: Math.sqrt(squares / (n - 1)) };
}

/**
 * Welch's t-test of equal means, with the confidence interval of the difference; variances may differ.
 *
 * t = (m₂ − m₁) / s with s² = s₁²/n₁ + s₂²/n₂, and Welch–Satterthwaite's degrees of freedom
 * ν = s⁴ / ((s₁²/n₁)²/(n₁−1) + (s₂²/n₂)²/(n₂−1)); the interval is m₂ − m₁ ± t*(ν) · s.
 *
 * @returns null where a group has fewer than two values, or no value varies.
 *
 * Source: Welch, "The generalization of 'Student's' problem when several different population variances
 * are involved", Biometrika 34 (1947). Compared with scipy.stats.ttest_ind in the test.
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest | null {
  const [a, b] = [describeSample(first), describeSample(second)];
  if (a.n < 2 || b.n < 2) return null;
  const [spreadA, spreadB] = [a.deviation ** 2 / a.n, b.deviation ** 2 / b.n];
  const error = Math.sqrt(spreadA + spreadB);
  if (!(error > 0) || !Number.isFinite(error)) return null;
  const difference = b.mean - a.mean;
  const degrees = error ** 4 / (spreadA ** 2 / (a.n - 1) + spreadB ** 2 / (b.n - 1));
  const t = difference / error;
  const margin = studentCritical(1 - CONFIDENCE, degrees) * error;
  return {
    difference,
    t,
    degrees,
    p: studentTwoSided(t, degrees),
    low: difference - margin,
    high: difference + margin,
  };
}

/**
 * The Mann–Whitney U test: whether a value of one group tends to be greater than one of the other.
 *
 * U₂ = R₂ − n₂(n₂+1)/2 with R₂ the sum of the second group's ranks. Exact where no values are equal and
 * the smaller group has at most 8; else z = (|U − n₁n₂/2| − 1/2) / σ with
 * σ² = n₁n₂/12 · ((N+1) − Σ(t³−t)/(N(N−1))), t the sizes of the ties.
 *
 * @returns null where a group is empty, or all values are equal.
 *
 * Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger
 * than the Other", Ann. Math. Statist. 18 (1947); tie correction: Lehmann, "Nonparametrics" (1975), §1.4.
 * Compared with scipy.stats.mannwhitneyu in the test.
 */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest | null {
  const [n1, n2] = [first.length, second.length];
  const n = n1 + n2;
  if (n1 === 0 || n2 === 0) return null;
  const { rankSum, ties } = rankSecond(first, second);
  if (ties.some((size) => size === n)) return null;
  const u = rankSum - (n2 * (n2 + 1)) / 2;
  const superiority = u / (n1 * n2);
  const isExact = ties.length === 0 && Math.min(n1, n2) <= MAX_EXACT && n1 * n2 <= MAX_EXACT_PAIRS;
  if (isExact) {
    const tail = upperTail(Math.max(u, n1 * n2 - u), Math.min(n1, n2), Math.max(n1, n2));
    return { u, p: Math.min(1, 2 * tail), isExact, superiority };
  }
  const tied = ties.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((n1 * n2) / 12) * (n + 1 - tied / (n * (n - 1)));
  const z = Math.max(0, Math.abs(u - (n1 * n2) / 2) - 0.5) / Math.sqrt(variance);
  return { u, p: normalTwoSided(z), isExact, superiority };
}

/** Sum of the ranks of the second group, equal values sharing theirs, and the sizes of such ties. */
function rankSecond(
  first: readonly number[],
  second: readonly number[],
): { rankSum: number; ties: number[] } {
  const all = [
    ...first.map((value) => ({ value, isSecond: false })),
    ...second.map((value) => ({ value, isSecond: true })),
  ].sort((a, b) => a.value - b.value);
  const ties: number[] = [];
  let rankSum = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    const rank = (start + 1 + end) / 2;
    for (const { isSecond } of all.slice(start, end)) rankSum += isSecond ? rank : 0;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { rankSum, ties };
}

/**
 * P(U ≥ u) if both groups of m and n values are of one distribution: of the C(m+n, m) equally likely
 * orders, those whose U is u or more, counted by f(m, n, u) = f(m−1, n, u−n) + f(m, n−1, u).
 *
 * Source: Mann and Whitney (1947), equation 5.
 */
function upperTail(u: number, m: number, n: number): number {
  // shares[i] after j values of the larger group: the distribution of U for i and j values.
  let shares: number[][] = Array.from({ length: m + 1 }, () => [1]);
  for (let j = 1; j <= n; j += 1) {
    const next: number[][] = [[1]];
    for (let i = 1; i <= m; i += 1) {
      // The greatest of all values is of the smaller group with the probability i / (i + j).
      const [fromSmaller, fromLarger] = [next[i - 1] ?? [], shares[i] ?? []];
      next.push(
        Array.from(
          { length: i * j + 1 },
          (_, at) => ((fromSmaller[at - j] ?? 0) * i + (fromLarger[at] ?? 0) * j) / (i + j),
        ),
      );
    }
    shares = next;
  }
  return (shares[m] ?? []).slice(Math.ceil(u)).reduce((sum, share) => sum + share, 0);
}
