import { assignRunColors, type RunColor } from "@/lib/run-colors";
import { groupLabel } from "@/lib/run-fields";

import type { ChartRun } from "./define-chart";

/** Runs that share the values of some fields. */
export interface RunGroup {
  label: string;
  color: RunColor;
  runs: ChartRun[];
}

/**
 * Runs by what they share, in the order of their first runs.
 *
 * @param known Colours that groups have elsewhere on the page.
 */
export function groupRuns(
  runs: readonly ChartRun[],
  fields: readonly string[],
  known?: ReadonlyMap<string, RunColor>,
): RunGroup[] {
  const groups = new Map<string, ChartRun[]>();
  for (const run of runs) {
    const label = groupLabel(fields.map((field) => run.textOf?.(field) ?? null));
    const members = groups.get(label);
    if (members) members.push(run);
    else groups.set(label, [run]);
  }
  const colors = assignRunColors(
    [...groups].map(([id, [first]]) => ({ id, startTime: first?.startTime ?? 0 })),
  );
  return [...groups].map(([label, members]) => ({
    label,
    color: known?.get(label) ?? colors.get(label) ?? { index: 0, round: 0 },
    runs: members,
  }));
}
