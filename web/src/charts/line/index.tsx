import { lazy } from "react";

import { defineChart } from "../define-chart";
import type { LineOptions } from "./plot-data";

const LineChart = lazy(async () => {
  const { LineChart: Component } = await import("./line-chart");
  return { default: Component };
});

export const line = defineChart<LineOptions>({
  title: "Line",
  defaults: { xAxis: "step", smoothing: 0, logScale: false },
  Component: LineChart,
});
