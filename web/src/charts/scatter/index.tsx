import { fieldTitle } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ScatterOptions {
  x: string;
  y: string;
  color: string;
  size: string;
  logX: boolean;
  logY: boolean;
}

export const scatter = defineChart<ScatterOptions>({
  title: "Scatter",
  description: "One point for each run of the table, by two of its fields.",
  defaults: { x: "", y: "", color: "", size: "", logX: false, logY: false },
  fields: {
    x: { kind: "field", of: "all", label: "Horizontal" },
    y: { kind: "field", of: "all", label: "Vertical" },
    color: { kind: "field", of: "all", label: "Colour" },
    size: { kind: "field", of: "numbers", label: "Size" },
    logX: { kind: "switch", label: "Logarithmic horizontal axis" },
    logY: { kind: "switch", label: "Logarithmic vertical axis" },
  },
  titleOf: ({ x, y }) => (x === "" || y === "" ? "" : `${fieldTitle(y)} by ${fieldTitle(x)}`),
  Component: loadedChart(async () => (await import("./scatter-chart")).ScatterChart),
});
