export type Smoother = "ema" | "gaussian";

/**
 * A curve without its noise. Values that are not finite stay as they are and count for nothing.
 *
 * @param strength 0 (unchanged) to below 1. Of "ema" the weight of the past; of "gaussian" it stands
 *   for a standard deviation of `gaussianSigma(strength)` points.
 */
export function smooth(values: Float64Array, strength: number, smoother: Smoother): Float64Array {
  if (strength <= 0) return values;
  return smoother === "ema" ? ema(values, strength) : gaussian(values, gaussianSigma(strength));
}

/** In points; the window that an average with this weight of the past looks back over, w / (1 − w). */
export function gaussianSigma(strength: number): number {
  return Math.min(100, strength / (1 - strength));
}

/**
 * Exponential moving average, corrected for its start.
 *
 * s_i = w·s_{i−1} + (1 − w)·x_i and the result is s_i / (1 − wⁿ) after n finite values, so that the
 * first points are not drawn towards zero (Kingma and Ba, "Adam", 2015, section 3).
 */
function ema(values: Float64Array, weight: number): Float64Array {
  let sum = 0;
  let total = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return sum / total;
  });
}

/** Mean of the neighbours, weighted by exp(−d² / 2σ²) and cut off at 3σ. */
function gaussian(values: Float64Array, sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float64Array.from({ length: reach + 1 }, (_, distance) =>
    Math.exp(-(distance ** 2) / (2 * sigma ** 2)),
  );
  return values.map((value, at) => {
    if (!Number.isFinite(value)) return value;
    let sum = 0;
    let total = 0;
    const end = Math.min(values.length - 1, at + reach);
    for (let other = Math.max(0, at - reach); other <= end; other += 1) {
      const neighbour = values[other] ?? Number.NaN;
      if (!Number.isFinite(neighbour)) continue;
      const weight = weights[Math.abs(other - at)] ?? 0;
      sum += weight * neighbour;
      total += weight;
    }
    return sum / total;
  });
}
