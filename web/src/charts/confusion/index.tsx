import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface ConfusionOptions {
  path: string;
  actual: string;
  predicted: string;
  share: boolean;
  /** The run whose matrix comes first; "" for the first that has one. */
  run: string;
}

export const confusion = defineChart<ConfusionOptions>({
  title: "Confusion matrix",
  description: "Which classes a run takes for which, from a table of predictions.",
  defaults: {
    path: "predictions.json",
    actual: "label",
    predicted: "prediction",
    share: false,
    run: "",
  },
  fields: {
    path: {
      kind: "text",
      label: "Table",
      hint: "Path of an artifact: what log_table wrote, or CSV, with a row for each example",
    },
    actual: { kind: "text", label: "Column of the true class" },
    predicted: { kind: "text", label: "Column of the predicted class" },
    share: { kind: "switch", label: "Shares of each true class" },
  },
  isOfRuns: true,
  titleOf: ({ path }) => `Confusion in ${path}`,
  Component: loadedChart(async () => (await import("./confusion-chart")).ConfusionChart),
});
