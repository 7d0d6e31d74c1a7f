import { useSyncExternalStore } from "react";

import { defineChart, type ChartProps } from "../define-chart";
import type * as LineModule from "./line-chart";
import type { LineOptions } from "./plot-data";

type State = { module: typeof LineModule } | { error: unknown } | null;

// Not React's lazy: of several charts that began to wait for it together, the first stayed in its
// fallback (React 19.3.1).
let state: State = null;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  try {
    state = { module: await import("./line-chart") };
  } catch (error) {
    state = { error };
  }
  for (const notify of listeners) notify();
}

// Asked for at once, to arrive while the first points are on their way.
void load();

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
