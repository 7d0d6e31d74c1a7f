import { SPREAD_CHOICES } from "@/lib/curve-groups";
import { titleByGroup } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface BarOptions {
  value: string;
  group: string;
  spread: "std" | "ci" | "none";
}

export const bar = defineChart<BarOptions>({
  title: "Bar",
  description: "A value of each run, or its mean over groups with an error bar.",
  defaults: { value: "", group: "", spread: "std" },
  fields: {
    value: { kind: "field", of: "numbers", label: "Value" },
    group: { kind: "field", of: "all", label: "Mean over runs that share" },
    spread: {
      kind: "choice",
      label: "Error bar of a mean",
      choices: [...SPREAD_CHOICES, { value: "none", label: "None" }],
    },
  },
  titleOf: ({ value, group }) => titleByGroup(value, group),
  Component: loadedChart(async () => (await import("./bar-chart")).BarChart),
});
