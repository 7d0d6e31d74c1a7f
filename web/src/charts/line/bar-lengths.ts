/** Lengths of bars that start at zero, in percent of the longest; no bar for what is not finite. */
export function barLengths(values: readonly number[]): number[] {
  const sizes = values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0));
  const longest = Math.max(...sizes, Number.MIN_VALUE);
  return sizes.map((size) => (100 * size) / longest);
}
