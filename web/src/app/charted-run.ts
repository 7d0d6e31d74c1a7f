import type { TableRow } from "@/api/run-rows";
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

/** A row of the table as its charts know it. */
export function chartedRow(row: TableRow, color: RunColor | undefined): ChartRun {
  const { id, name, startTime } = row;
  return { id, name, startTime, color: color ?? { index: 0, round: 0 } };
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
