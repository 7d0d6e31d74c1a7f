import { tQuantile } from "@/lib/statistics";

import type { GroupValues } from "../group-values";
import type { BarOptions } from ".";

export interface Bar {
  id: string;
  label: string;
  value: number;
  /** How far the error bar goes to both sides; 0 for none. */
  reach: number;
  n: number;
}

/**
 * Means of groups with error bars: ± s of a sample (n − 1), or ± t·s/√n, the 95 % confidence interval
 * of the mean (Student's t with n − 1 degrees of freedom).
 */
export function meanBars(groups: readonly GroupValues[], spread: BarOptions["spread"]): Bar[] {
  return groups.map(({ label, values }) => {
    const n = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const std = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
    const interval = n > 1 ? (tQuantile(0.975, n - 1) * std) / Math.sqrt(n) : 0;
    const reaches = { std, ci: interval, none: 0 };
    return { id: label, label, value: mean, reach: reaches[spread], n };
  });
}
