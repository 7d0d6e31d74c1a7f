import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface TableOptions {
  path: string;
  /** The column that says which rows are the same; "" for their order. */
  rowKey: string;
  isAll: boolean;
  /** The two runs; "" for the first that have the table. */
  before: string;
  after: string;
}

export const table = defineChart<TableOptions>({
  title: "Table difference",
  description: "What differs between the tables that two runs logged at one path.",
  defaults: { path: "predictions.json", rowKey: "", isAll: false, before: "", after: "" },
  fields: {
    path: {
      kind: "text",
      label: "Table",
      hint: "Path of an artifact: what log_table wrote, or CSV",
    },
    rowKey: {
      kind: "text",
      label: "Column that names a row",
      hint: "Rows of one name are compared; empty compares the first with the first",
    },
    isAll: { kind: "switch", label: "Show rows that are the same too" },
  },
  size: { width: 2, height: 2 },
  isOfRuns: true,
  titleOf: ({ path }) => `Difference of ${path}`,
  Component: loadedChart(async () => (await import("./table-chart")).TableChart),
});
