import { fieldTitle } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ImportanceOptions {
  target: string;
}

export const importance = defineChart<ImportanceOptions>({
  title: "Parameter importance",
  description: "Which params tell most of a metric over the runs shown, with their correlation.",
  defaults: { target: "" },
  fields: { target: { kind: "field", of: "numbers", label: "Metric to explain" } },
  titleOf: ({ target }) => (target === "" ? "" : `Importance for ${fieldTitle(target)}`),
  Component: loadedChart(async () => (await import("./importance-chart")).ImportanceChart),
});
