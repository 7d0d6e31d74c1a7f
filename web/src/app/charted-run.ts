import type { Run } from "@/api/runs";
import type { ChartRun } from "@/charts/define-chart";
import { textOfField } from "@/lib/run-fields";
import type { RunColor } from "@/lib/run-colors";

/** A run as the charts of a page know it. */
export function chartedRun(run: Run, color: RunColor | undefined): ChartRun {
  return {
    id: run.id,
    name: run.name,
    startTime: run.startTime,
    color: color ?? { index: 0, round: 0 },
    textOf: (field) => textOfField(run, field),
  };
}

/** The names of what some runs logged. */
export function columnsOf(runs: readonly Run[]) {
  const names = (of: (run: Run) => object) => [
    ...new Set(runs.flatMap((run) => Object.keys(of(run)))),
  ];
  return {
    params: names((run) => run.params),
    metrics: names((run) => run.metrics),
    tags: names((run) => run.tags),
  };
}
