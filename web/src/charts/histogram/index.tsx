import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface HistogramOptions {
  name: string;
  /** Whose distributions; "" for the first run that has them. */
  run: string;
}

export const histogram = defineChart<HistogramOptions>({
  title: "Histogram over steps",
  description: "How a distribution that a run logged moves, as a heat map.",
  defaults: { name: "", run: "" },
  fields: {
    name: { kind: "text", label: "Key", hint: "As it was logged; empty for the first there is" },
  },
  isOfRuns: true,
  titleOf: ({ name }) => (name === "" ? "Histogram" : name),
  Component: loadedChart(async () => (await import("./histogram-chart")).HistogramChart),
});
