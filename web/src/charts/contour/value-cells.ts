import type { ValueColumn } from "@/api/run-values";
import { formatNumber } from "@/lib/format";
import { categoryScale, type Scale } from "@/lib/scale";

const MOST_VALUES = 24;

/**
 * A cell for each value of a column, side by side in order, as a sweep over a grid has them; null for numbers of
 * too many values.
 */
export function valueCells(column: ValueColumn): { scale: Scale; n: number } | null {
  if (column.categories !== null) {
    return { scale: categoryScale(column.categories), n: column.categories.length };
  }
  const values = [...new Set(column.numbers)].filter(Number.isFinite).sort((a, b) => a - b);
  if (values.length > MOST_VALUES) return null;
  const places = new Map(values.map((value, place) => [value, place]));
  const scale = categoryScale(values.map((value) => formatNumber(value)));
  return {
    n: values.length,
    scale: {
      ...scale,
      at: (value) => scale.at(places.get(value) ?? Number.NaN),
      ticks: (nWanted) =>
        scale
          .ticks(nWanted)
          .map(({ value: place, label }) => ({ value: values[place] ?? Number.NaN, label })),
    },
  };
}
