import { useSyncExternalStore, type ComponentType } from "react";

import type { ChartProps } from "./define-chart";

type State<Options> = { Component: ComponentType<ChartProps<Options>> } | { error: unknown } | null;

/**
 * A chart whose code is loaded when it is first drawn.
 *
 * Not React's lazy: of several charts that began to wait for it together, the first stayed in its
 * fallback (React 19.3.1).
 */
export function loaded<Options>(
  load: () => Promise<ComponentType<ChartProps<Options>>>,
): ComponentType<ChartProps<Options>> {
  let state: State<Options> = null;
  let isLoading = false;
  const listeners = new Set<() => void>();

  const begin = async () => {
    try {
      state = { Component: await load() };
    } catch (error) {
      state = { error };
    }
    for (const notify of listeners) notify();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (!isLoading) {
      isLoading = true;
      void begin();
    }
    return () => listeners.delete(listener);
  };

  return function LoadedChart(props: ChartProps<Options>) {
    const current = useSyncExternalStore(subscribe, () => state);

    if (current === null) {
      return <div style={{ height: props.height }} role="status" aria-label="Loading" />;
    }
    if ("error" in current) throw current.error;
    return <current.Component {...props} />;
  };
}
