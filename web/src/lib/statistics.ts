/** The value below which a share of some ascending numbers lie, between neighbours by a straight line. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const left = Math.floor(place);
  const low = sorted[left] ?? Number.NaN;
  const high = sorted[Math.min(left + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (place - left);
}

export interface BoxSummary {
  n: number;
  low: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  high: number;
  mean: number;
  outliers: number[];
}

/**
 * What a box plot shows (Tukey, "Exploratory Data Analysis", 1977): quartiles, whiskers to the last
 * value within 1.5 interquartile ranges of the box, and what is beyond one by one.
 *
 * @param values Finite, at least one.
 */
export function boxSummary(values: readonly number[]): BoxSummary {
  const sorted = Float64Array.from(values).sort();
  const lowerQuartile = quantile(sorted, 0.25);
  const upperQuartile = quantile(sorted, 0.75);
  const reach = 1.5 * (upperQuartile - lowerQuartile);
  const inside = sorted.filter(
    (value) => value >= lowerQuartile - reach && value <= upperQuartile + reach,
  );
  return {
    n: sorted.length,
    low: inside[0] ?? Number.NaN,
    lowerQuartile,
    median: quantile(sorted, 0.5),
    upperQuartile,
    high: inside.at(-1) ?? Number.NaN,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    outliers: [...sorted].filter(
      (value) => value < lowerQuartile - reach || value > upperQuartile + reach,
    ),
  };
}

/**
 * Gaussian kernel density at some places, with Silverman's rule of thumb for the bandwidth,
 * 0.9 · min(s, IQR / 1.34) · n^(−1/5) (Silverman, "Density Estimation", 1986, eq. 3.31).
 */
export function density(values: readonly number[], places: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const std = Math.sqrt(
    sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1),
  );
  const range = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
  const spread = Math.min(std, range) || std || Math.abs(mean) * 0.05 || 1;
  const width = 0.9 * spread * n ** -0.2;
  return places.map((place) => {
    let sum = 0;
    for (const value of sorted) sum += Math.exp(-(((place - value) / width) ** 2) / 2);
    return sum / (n * width * Math.sqrt(2 * Math.PI));
  });
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
  );
  const found = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) found[order[at] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return found;
}

/** Pearson's product-moment correlation; NaN where one of the two does not vary. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [meanA, meanB] = [0, 0];
  for (let at = 0; at < n; at += 1) {
    meanA += (a[at] ?? 0) / n;
    meanB += (b[at] ?? 0) / n;
  }
  let [both, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < n; at += 1) {
    const [fromA, fromB] = [(a[at] ?? 0) - meanA, (b[at] ?? 0) - meanB];
    both += fromA * fromB;
    ofA += fromA * fromA;
    ofB += fromB * fromB;
  }
  return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA * ofB) : Number.NaN;
}

/** Spearman's rank correlation: Pearson's, of the ranks. It sees any monotonic relation. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(ranks(a), ranks(b));
}

/**
 * Quantile of Student's t, from that of the normal distribution by the Cornish–Fisher expansion in
 * Abramowitz and Stegun (1964), 26.7.5; exact formulas for one and two degrees of freedom. Within
 * 0.3 % for p = 0.975.
 */
export function tQuantile(p: number, degrees: number): number {
  if (degrees === 1) return Math.tan(Math.PI * (p - 0.5));
  if (degrees === 2) return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
  const z = normalQuantile(p);
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9];
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * degrees ** 4)
  );
}

/** Abramowitz and Stegun (1964), 26.2.23; off by less than 4.5e-4. */
function normalQuantile(p: number): number {
  const isUpper = p > 0.5;
  const t = Math.sqrt(-2 * Math.log(isUpper ? 1 - p : p));
  const found =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t ** 2) /
      (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  return isUpper ? found : -found;
}
