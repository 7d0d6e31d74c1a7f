import { fieldTitle } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ParallelOptions {
  fields: string[];
  color: string;
  /** Fields with a logarithmic axis. */
  log: string[];
  /** What is brushed on each axis, least and greatest value. */
  brushes: Record<string, number[]>;
}

export const parallel = defineChart<ParallelOptions>({
  title: "Parallel coordinates",
  description: "A line for each run over several fields; drag on an axis to select runs.",
  defaults: { fields: [], color: "", log: [], brushes: {} },
  fields: {
    fields: { kind: "fields", of: "all", label: "Axes, from left to right" },
    color: {
      kind: "field",
      of: "all",
      label: "Colour",
      hint: "The last axis where none is chosen",
    },
    log: { kind: "fields", of: "numbers", label: "Logarithmic axes" },
  },
  size: { width: 4, height: 2 },
  titleOf: ({ fields }) => fields.map(fieldTitle).join(" · "),
  Component: loadedChart(async () => (await import("./parallel-chart")).ParallelChart),
});
