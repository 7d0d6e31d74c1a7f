import type { Bins } from "@/api/media";

export interface Heat {
  low: number;
  high: number;
  nRows: number;
  /** Of each step, of each row from the lowest value up: the share of that step's values. */
  columns: Float64Array[];
}

/**
 * Distributions with bins of their own on one axis: each bin's count is laid over the rows that it
 * covers, in proportion.
 */
export function heatOf(steps: readonly Bins[], nRows: number): Heat {
  const low = Math.min(...steps.map(({ edges }) => edges[0] ?? Number.POSITIVE_INFINITY));
  const high = Math.max(...steps.map(({ edges }) => edges.at(-1) ?? Number.NEGATIVE_INFINITY));
  const span = high - low || 1;
  const columns = steps.map(({ edges, counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    const rows = new Float64Array(nRows);
    counts.forEach((count, bin) => {
      const from = (((edges[bin] ?? low) - low) / span) * nRows;
      const to = Math.max(from + 1e-9, (((edges[bin + 1] ?? high) - low) / span) * nRows);
      const last = Math.min(nRows - 1, Math.ceil(to) - 1);
      for (let row = Math.max(0, Math.floor(from)); row <= last; row += 1) {
        const part = Math.min(to, row + 1) - Math.max(from, row);
        rows[row] = (rows[row] ?? 0) + ((count / total) * Math.max(0, part)) / (to - from);
      }
    });
    return rows;
  });
  return { low, high: high > low ? high : low + 1, nRows, columns };
}
