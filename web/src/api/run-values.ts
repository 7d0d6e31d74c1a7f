import { queryOptions } from "@tanstack/react-query";
import { Type } from "@uwdata/flechette";

import { quote } from "@/lib/filter-text";

import { numbersOf, postForTable, textsOf } from "./arrow";
import type { ViewType } from "./schema";

export const RUN_VALUES_PATH = "api/1.0/fluvial/runs/values";

/** Which runs a chart over runs is about: those that the page's table finds. */
export interface RunsSource {
  experimentIds: readonly string[];
  filter: string;
  orderBy: readonly string[];
  viewType: ViewType;
}

/** Some runs of an experiment by their ids. */
export function runsSource(experimentId: string, runIds: readonly string[]): RunsSource {
  return {
    experimentIds: [experimentId],
    filter: `attributes.run_id IN (${runIds.map(quote).join(", ")})`,
    orderBy: [],
    viewType: "ALL",
  };
}

/** A field of many runs, as numbers: a text that holds numbers only is one of numbers too. */
export interface ValueColumn {
  field: string;
  /** NaN where a run lacks it; of a text, the position among `categories`. */
  numbers: Float64Array;
  /** The different texts, in order; null for numbers. */
  categories: string[] | null;
}

export interface RunValues {
  runIds: string[];
  names: string[];
  columns: ValueColumn[];
  /** How many runs match; these are the first of them. */
  nMatching: number;
}

export const MAX_VALUE_RUNS = 100_000;

/** Some fields of the first runs that match. */
export function getRunValues(source: RunsSource, fields: readonly string[], maxRuns: number) {
  const experimentId = source.experimentIds[0] ?? "";
  return queryOptions({
    queryKey: ["runs", "values", experimentId, { ...source, fields, maxRuns }],
    queryFn: async ({ signal }): Promise<RunValues> => {
      const { path, body } = runValuesRequest(source, fields, maxRuns);
      const table = await postForTable(path, body, signal);
      const types = new Map(table.schema.fields.map(({ name, type }) => [name, type.typeId]));
      const columns = fields.map((field, at) =>
        types.get(String(at)) === Type.Utf8
          ? fromTexts(field, textsOf(table, String(at)))
          : { field, numbers: numbersOf(table, String(at)), categories: null },
      );
      return {
        runIds: textsOf(table, "run_id").map((id) => id ?? ""),
        names: textsOf(table, String(fields.length)).map((name) => name ?? ""),
        columns,
        nMatching: Number(table.schema.metadata?.get("n_matching") ?? table.numRows),
      };
    },
  });
}

/** The request that the values come from, for people to read. */
export function runValuesRequest(source: RunsSource, fields: readonly string[], maxRuns: number) {
  return {
    path: RUN_VALUES_PATH,
    body: {
      experiment_ids: source.experimentIds,
      filter: source.filter,
      run_view_type: source.viewType,
      order_by: source.orderBy,
      fields: [...fields, "run_name"],
      max_results: maxRuns,
    },
  };
}

/** Texts as numbers where all of them are numbers, else as positions among the different ones. */
export function fromTexts(field: string, texts: readonly (string | null)[]): ValueColumn {
  const numbers = Float64Array.from(texts, (text) =>
    text === null || text.trim() === "" ? Number.NaN : Number(text),
  );
  const isNumeric = texts.every(
    (text, at) => text === null || /^nan$/i.test(text) || !Number.isNaN(numbers[at]),
  );
  if (isNumeric) return { field, numbers, categories: null };
  const categories = [...new Set(texts.filter((text) => text !== null))].sort(
    new Intl.Collator("en", { numeric: true }).compare,
  );
  const codes = new Map(categories.map((text, code) => [text, code]));
  return {
    field,
    numbers: Float64Array.from(texts, (text) =>
      text === null ? Number.NaN : (codes.get(text) ?? Number.NaN),
    ),
    categories,
  };
}
