import { titleByGroup } from "@/lib/run-fields";

import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface BoxOptions {
  value: string;
  group: string;
  shape: "box" | "violin";
  log: boolean;
}

export const box = defineChart<BoxOptions>({
  title: "Box or violin",
  description: "How a value is spread over the runs of each group.",
  defaults: { value: "", group: "", shape: "box", log: false },
  fields: {
    value: { kind: "field", of: "numbers", label: "Value" },
    group: { kind: "field", of: "all", label: "Group by" },
    shape: {
      kind: "choice",
      label: "Shape",
      choices: [
        { value: "box", label: "Box: quartiles and outliers" },
        { value: "violin", label: "Violin: density" },
      ],
    },
    log: { kind: "switch", label: "Logarithmic values" },
  },
  titleOf: ({ value, group }) => titleByGroup(value, group),
  Component: loadedChart(async () => (await import("./box-chart")).BoxChart),
});
