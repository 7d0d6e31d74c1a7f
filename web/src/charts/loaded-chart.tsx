import type { ComponentType } from "react";

import { loaded } from "@/components/loaded";

import type { ChartProps } from "./define-chart";

/** A chart whose code is loaded when it is first drawn. */
export function loadedChart<Options>(
  load: () => Promise<ComponentType<ChartProps<Options>>>,
): ComponentType<ChartProps<Options>> {
  return loaded(load, ({ height }) => (
    <div style={{ height }} role="status" aria-label="Loading" />
  ));
}
