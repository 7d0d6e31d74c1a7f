import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface RocOptions {
  path: string;
  label: string;
  score: string;
  kind: "roc" | "pr";
}

export const roc = defineChart<RocOptions>({
  title: "ROC or precision–recall",
  description: "How well scores part two classes, of several runs over each other.",
  defaults: { path: "predictions.json", label: "label", score: "score", kind: "roc" },
  fields: {
    path: {
      kind: "text",
      label: "Table",
      hint: "Path of an artifact: what log_table wrote, or CSV, with a row for each example",
    },
    label: { kind: "text", label: "Column of the true class", hint: "1 or true is positive" },
    score: { kind: "text", label: "Column of the score", hint: "Higher is more likely positive" },
    kind: {
      kind: "choice",
      label: "Curve",
      choices: [
        { value: "roc", label: "ROC" },
        { value: "pr", label: "Precision and recall" },
      ],
    },
  },
  size: { width: 1, height: 2 },
  isOfRuns: true,
  titleOf: ({ kind, path }) => `${kind === "roc" ? "ROC" : "Precision–recall"} of ${path}`,
  Component: loadedChart(async () => (await import("./roc-chart")).RocChart),
});
