import { useSyncExternalStore } from "react";

import { defineChart, type ChartProps } from "../define-chart";
import type { LineOptions } from "./plot-data";

type LineModule = typeof import("./line-chart");
type State = { module: LineModule } | { error: unknown } | null;

// Asked for at once, to arrive while the first points are on their way. Not React's lazy: of several
// charts that began to wait for it together, the first stayed in its fallback (React 19.3.1).
let state: State = null;
const listeners = new Set<() => void>();
void import("./line-chart")
  .then(
    (module) => ({ module }),
    (error: unknown) => ({ error }),
  )
  .then((result) => {
    state = result;
    for (const notify of listeners) notify();
  });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function LoadedLineChart(props: ChartProps<LineOptions>) {
  const current = useSyncExternalStore(subscribe, () => state);

  if (current === null)
    return <div style={{ height: props.height }} role="status" aria-label="Loading" />;
  if ("error" in current) throw current.error;
  return <current.module.LineChart {...props} />;
}

export const line = defineChart<LineOptions>({
  title: "Line",
  defaults: { xAxis: "step", smoothing: 0, logScale: false },
  Component: LoadedLineChart,
});
