import type { RunValues } from "@/api/run-values";
import { N_RUN_COLORS, type RunColor } from "@/lib/run-colors";

import type { Scene } from "./define-chart";
import { columnOf } from "./run-points";

/** The finite values of a field over the runs that share another. */
export interface GroupValues {
  label: string;
  values: number[];
  /** Of the same length. */
  names: string[];
}

const MAX_GROUPS = 40;

/** The colour that a group has in the table and in other charts, else one by its place. */
export function groupColor({ groupColors }: Scene, label: string, at: number): RunColor {
  return groupColors?.get(label) ?? { index: at % N_RUN_COLORS, round: 0 };
}

/** Groups in the order of their names, runs that lack the field last; without one, a single group. */
export function groupValues(all: RunValues, field: string, group: string): GroupValues[] {
  const numbers = columnOf(all, field)?.numbers ?? new Float64Array();
  const by = group === "" ? undefined : columnOf(all, group);
  const groups = new Map<number, GroupValues>();
  numbers.forEach((value, at) => {
    if (!Number.isFinite(value)) return;
    const code = by === undefined ? 0 : (by.numbers[at] ?? Number.NaN);
    const key = Number.isNaN(code) ? Number.POSITIVE_INFINITY : code;
    let found = groups.get(key);
    if (found === undefined) {
      found = { label: labelOf(code), values: [], names: [] };
      groups.set(key, found);
    }
    found.values.push(value);
    found.names.push(all.names[at] ?? "");
  });
  function labelOf(code: number): string {
    if (by === undefined) return "all";
    if (Number.isNaN(code)) return "none";
    return by.categories === null ? String(code) : (by.categories[code] ?? "none");
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a - b)
    .slice(0, MAX_GROUPS)
    .map(([, found]) => found);
}
