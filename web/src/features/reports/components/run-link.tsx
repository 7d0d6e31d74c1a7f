import type { PanelRun } from "@/lib/panel-data";

import classes from "./figures.module.css";

/** Where a run's page is: a part of the address that a file without a router can have too. */
export function runHref(experimentId: string, runId: string): string {
  return `#/experiments/${experimentId}/runs/${runId}`;
}

export function RunLink({ run }: { run: Pick<PanelRun, "id" | "name" | "experimentId"> }) {
  return (
    <a className={classes.run} href={runHref(run.experimentId, run.id)}>
      {run.name}
    </a>
  );
}
