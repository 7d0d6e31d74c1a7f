import type { XAxis } from "@/lib/panels";
import { SPREAD_CHOICES, type Spread } from "@/lib/curve-groups";
import type { Smoother } from "@/lib/smoothing";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface LineOptions {
  metrics: string[];
  x: XAxis;
  xMetric: string;
  logX: boolean;
  /** Logarithmic values. */
  log: boolean;
  /** 0 to below 1. */
  smoothing: number;
  smoother: Smoother;
  /** Leaves outliers out of the range that is drawn. */
  clip: boolean;
  /** Least to greatest value of each bucket; by itself where there are few curves. */
  band: "auto" | "always" | "never";
  /** Fields: runs that share them are averaged. None for each run by itself. */
  average: string[];
  spread: Spread;
  /** The part of the axis that is zoomed to, in steps or ms. */
  range: number[] | null;
}

export const line = defineChart<LineOptions>({
  title: "Line",
  description: "Metrics over steps, time or another metric, one curve for each run.",
  defaults: {
    metrics: [],
    x: "step",
    xMetric: "",
    logX: false,
    log: false,
    smoothing: 0,
    smoother: "ema",
    clip: false,
    band: "auto",
    average: [],
    spread: "std",
    range: null,
  },
  fields: {
    metrics: { kind: "metrics", label: "Metrics" },
    x: {
      kind: "choice",
      label: "Horizontal axis",
      choices: [
        { value: "step", label: "Step" },
        { value: "time", label: "Time" },
        { value: "elapsed", label: "Elapsed time" },
        { value: "metric", label: "A metric" },
      ],
    },
    xMetric: { kind: "metric", label: "Metric on the horizontal axis" },
    logX: { kind: "switch", label: "Logarithmic horizontal axis" },
    log: { kind: "switch", label: "Logarithmic values" },
    smoothing: { kind: "number", label: "Smoothing", least: 0, most: 0.99, step: 0.01 },
    smoother: {
      kind: "choice",
      label: "Smoothed by",
      choices: [
        { value: "ema", label: "Exponential average" },
        { value: "gaussian", label: "Gaussian" },
      ],
    },
    clip: { kind: "switch", label: "Leave outliers out of the range" },
    band: {
      kind: "choice",
      label: "Band from least to greatest",
      choices: [
        { value: "auto", label: "For few curves" },
        { value: "always", label: "Always" },
        { value: "never", label: "Never" },
      ],
    },
    average: { kind: "fields", of: "texts", label: "Average over runs that share" },
    spread: {
      kind: "choice",
      label: "Band around an average",
      choices: SPREAD_CHOICES,
    },
  },
  isOfRuns: true,
  titleOf: ({ metrics }) => metrics.join(", "),
  Component: loadedChart(async () => (await import("./line-chart")).LineChart),
});
