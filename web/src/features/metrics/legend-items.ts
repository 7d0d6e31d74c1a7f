import type { ChartRun } from "@/charts/define-chart";
import type { RunGroup } from "@/charts/run-groups";
import { formatPlural } from "@/lib/format";
import type { RunColor } from "@/lib/run-colors";

/** What a legend lists: a run, or the runs that are averaged. */
export interface LegendItem {
  /** What the line of it is called by charts. */
  line: string;
  label: string;
  color: RunColor;
  runIds: readonly string[];
}

export function itemsOfRuns(runs: readonly ChartRun[]): LegendItem[] {
  return runs.map(({ id, name, color }) => ({ line: id, label: name, color, runIds: [id] }));
}

export function itemsOfGroups(groups: readonly RunGroup[]): LegendItem[] {
  return groups.map(({ label, color, runs }) => ({
    line: label,
    label: `${label} (${formatPlural(runs.length, "run")})`,
    color,
    runIds: runs.map(({ id }) => id),
  }));
}
