export interface ChartedMetrics {
  /** Names of the metrics that any of the runs has. */
  keys: readonly string[];
  /** Those of them that go on past their first step, as far as the runs tell. */
  curves: ReadonlySet<string>;
}

interface Measured {
  metrics: Readonly<Record<string, { step: number }>>;
}

export function chartedMetrics(runs: readonly Measured[]): ChartedMetrics {
  const all = runs.flatMap((run) => Object.entries(run.metrics));
  return {
    keys: [...new Set(all.map(([key]) => key))],
    curves: new Set(all.filter(([, { step }]) => step !== 0).map(([key]) => key)),
  };
}
