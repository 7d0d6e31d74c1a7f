/**
 * Exponential moving average, corrected for its start.
 *
 * s_i = w·s_{i−1} + (1 − w)·x_i and the result is s_i / (1 − wⁿ) after n finite values, so that the
 * first points are not drawn towards zero. A value that is not finite (null) stays and is skipped.
 *
 * @param weight 0 (unchanged) to below 1.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let total = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return sum / total;
  });
}
