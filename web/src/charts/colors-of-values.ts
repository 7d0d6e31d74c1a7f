import type { ValueColumn } from "@/api/run-values";
import { sequentialRgb, tokenRgb } from "@/components/plot/tokens";
import { N_RUN_COLORS } from "@/lib/run-colors";

import { finiteExtent } from "./run-points";

type Rgb = [number, number, number];

/** Colours of values: categories by the palette of runs, numbers along the sequential palette. */
export interface ValueColors {
  /** Of each row. */
  rgb: Rgb[];
  /** What the colours stand for. */
  key: { label: string; rgb: Rgb }[] | { low: number; high: number } | null;
}

export function valueColors(column: ValueColumn | undefined, nRows: number): ValueColors {
  const plain = tokenRgb("--accent");
  const none = tokenRgb("--line-strong");
  if (column === undefined) return { rgb: Array.from({ length: nRows }, () => plain), key: null };
  if (column.categories !== null) {
    const palette = column.categories.map((_, at) => tokenRgb(`--run-${at % N_RUN_COLORS}`));
    return {
      rgb: Array.from(column.numbers, (code) => palette[code] ?? none),
      key: column.categories.map((label, at) => ({ label, rgb: palette[at] ?? none })),
    };
  }
  const { low, high } = finiteExtent(column.numbers);
  const span = high - low || 1;
  return {
    rgb: Array.from(column.numbers, (value) =>
      Number.isFinite(value) ? sequentialRgb((value - low) / span) : none,
    ),
    key: low <= high ? { low, high } : null,
  };
}
