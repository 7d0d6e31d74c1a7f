import type { ComponentType } from "react";

import type { Series } from "@/api/metrics";
import type { RunColor } from "@/lib/run-colors";

/** A run as charts know it. */
export interface ChartRun {
  id: string;
  name: string;
  /** ms since the epoch; elapsed time counts from here. */
  startTime: number;
  color: RunColor;
}

export interface ChartProps<Options> {
  title: string;
  runs: readonly ChartRun[];
  series: readonly Series[];
  options: Options;
  height: number;
  /** Called with the steps that the person zoomed to, or null for all. */
  onZoom: (steps: { start: number; end: number } | null) => void;
}

export interface Chart<Options> {
  title: string;
  defaults: Options;
  Component: ComponentType<ChartProps<Options>>;
}

export function defineChart<Options>(chart: Chart<Options>): Chart<Options> {
  return chart;
}
