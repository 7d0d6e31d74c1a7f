import { tQuantile } from "./statistics";

/** A curve that is drawn: y at ascending x. */
export interface CurvePoints {
  x: Float64Array;
  y: Float64Array;
}

export type Spread = "std" | "ci";

/** What a person chooses between. */
export const SPREAD_CHOICES: readonly { value: Spread; label: string }[] = [
  { value: "std", label: "Standard deviation" },
  { value: "ci", label: "95 % confidence interval" },
];

export interface MeanCurve extends CurvePoints {
  low: Float64Array;
  high: Float64Array;
  /** How many curves are averaged at each x. */
  n: Uint32Array;
}

const LARGEST_GRID = 500;

/**
 * The mean of several curves and a band around it.
 *
 * Curves are compared at the same x: at their own, where all have the same (seeds of one script do),
 * else on a grid of equal steps over all of them, between their points by straight lines. A curve
 * counts only between its ends. The band is mean ± s for "std" (s of a sample, n − 1), and
 * mean ± t·s/√n for "ci", the 95 % confidence interval of the mean for n independent normal values
 * (Student's t with n − 1 degrees of freedom). Where one curve is left there is no band.
 */
export function meanCurve(curves: readonly CurvePoints[], spread: Spread): MeanCurve {
  const shown = curves.filter((curve) => curve.x.length > 0);
  const x = commonGrid(shown);
  const y = new Float64Array(x.length).fill(Number.NaN);
  const low = y.slice();
  const high = y.slice();
  const n = new Uint32Array(x.length);
  const sum = new Float64Array(x.length);
  const squares = new Float64Array(x.length);
  for (const curve of shown) {
    const values = valuesAt(curve, x);
    // Welford's update, so that large values with small differences keep their digits.
    for (let at = 0; at < x.length; at += 1) {
      const value = values[at] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const count = (n[at] ?? 0) + 1;
      n[at] = count;
      const before = value - (sum[at] ?? 0);
      sum[at] = (sum[at] ?? 0) + before / count;
      squares[at] = (squares[at] ?? 0) + before * (value - (sum[at] ?? 0));
    }
  }
  for (let at = 0; at < x.length; at += 1) {
    const count = n[at] ?? 0;
    if (count === 0) continue;
    const mean = sum[at] ?? Number.NaN;
    y[at] = mean;
    if (count < 2) continue;
    const std = Math.sqrt((squares[at] ?? 0) / (count - 1));
    const reach = spread === "std" ? std : (tQuantile(0.975, count - 1) * std) / Math.sqrt(count);
    low[at] = mean - reach;
    high[at] = mean + reach;
  }
  return { x, y, low, high, n };
}

function commonGrid(curves: readonly CurvePoints[]): Float64Array {
  const [first, ...others] = curves;
  if (first === undefined) return new Float64Array();
  const isShared = others.every(
    ({ x }) => x.length === first.x.length && x.every((value, at) => value === first.x[at]),
  );
  if (isShared) return first.x;
  const start = Math.min(...curves.map(({ x }) => x[0] ?? Number.POSITIVE_INFINITY));
  const end = Math.max(...curves.map(({ x }) => x.at(-1) ?? Number.NEGATIVE_INFINITY));
  const longest = Math.max(...curves.map(({ x }) => x.length));
  const n = end > start ? Math.min(LARGEST_GRID, Math.max(2, longest)) : 1;
  return Float64Array.from({ length: n }, (_, at) =>
    n === 1 ? start : start + ((end - start) * at) / (n - 1),
  );
}

/** The curve's values at some ascending x; NaN beyond its ends. */
export function valuesAt({ x, y }: CurvePoints, wanted: Float64Array): Float64Array {
  let right = 0;
  const end = x.at(-1) ?? Number.NEGATIVE_INFINITY;
  return wanted.map((place) => {
    while (right < x.length - 1 && (x[right] ?? 0) < place) right += 1;
    const at = x[right] ?? Number.NaN;
    if (at === place) return y[right] ?? Number.NaN;
    if (right === 0 || place > end) return Number.NaN;
    const [left, from, to] = [x[right - 1] ?? 0, y[right - 1] ?? 0, y[right] ?? 0];
    return from + ((to - from) * (place - left)) / (at - left);
  });
}
