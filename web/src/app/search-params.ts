/** What a link restores, for each page. Absent means the default, so that plain links stay short. */

import { parseChartSearch, type ChartSearch } from "@/lib/panels";

export interface ExperimentsSearch {
  q?: string;
  view?: "deleted";
  order?: string;
  /** True for one list, without folders. */
  flat?: boolean;
}

export interface RunsSearch extends ChartSearch {
  filter?: string;
  /** `metrics.loss DESC`, the first one first. */
  order?: readonly string[];
  view?: "deleted";
  /** The columns to show, in order; see lib/run-columns.ts. */
  columns?: string;
  flat?: boolean;
  /** Whether families are open; where unsaid, those that a filter has found. */
  open?: boolean;
  /** Fields to group by. */
  group?: readonly string[];
  /** Fields whose values are beside the table. */
  facets?: readonly string[];
  charts?: boolean;
  /** The id of the saved view that is shown, or "none". */
  saved?: string;
  /** Ids of the selected runs; where all that match are selected, of those that are not. */
  selected?: readonly string[];
  all?: boolean;
}

export interface CompareSearch extends ChartSearch {
  runs: string;
  all?: boolean;
  tab?: CompareTab;
  /** The two runs that stand side by side, and the file of theirs that does. */
  left?: string;
  right?: string;
  path?: string;
  /** What makes groups of the runs, in which metric they are compared, and with which of them. */
  by?: string;
  metric?: string;
  base?: string;
}

export const COMPARE_TABS = ["values", "difference", "charts", "code", "artifacts"] as const;
export type CompareTab = (typeof COMPARE_TABS)[number];

export const RUN_TABS = [
  "overview",
  "charts",
  "system",
  "console",
  "media",
  "artifacts",
  "code",
  "lineage",
] as const;
export type RunTab = (typeof RUN_TABS)[number];

export interface RunSearch extends ChartSearch {
  tab?: RunTab;
  /** The artifact that is shown. */
  path?: string;
  /** The machine whose system metrics are shown. */
  host?: string;
  /** What is searched for in the console, and in which stream. */
  console?: string;
  stream?: "out" | "err";
}

export interface ReportsSearch {
  q?: string;
}

export const MODEL_TABS = [
  "versions",
  "compare",
  "requests",
  "history",
  "policy",
  "about",
] as const;
export type ModelTab = (typeof MODEL_TABS)[number];

export interface ModelSearch {
  tab?: ModelTab;
  /** The versions that are compared. */
  versions?: readonly string[];
  /** The promotion request that a link leads to. */
  request?: string;
}

export interface ReportSearch {
  edit?: true;
  /** A version of its history. */
  version?: number;
}

type Raw = Record<string, unknown>;

export function parseExperimentsSearch(raw: Raw): ExperimentsSearch {
  return compact({
    q: text(raw["q"]),
    view: deleted(raw["view"]),
    order: text(raw["order"]),
    flat: flag(raw["flat"]),
  });
}

export function parseRunsSearch(raw: Raw): RunsSearch {
  return compact({
    // MLflow's own links name it searchFilter.
    filter: text(raw["filter"]) ?? text(raw["searchFilter"]),
    order: texts(raw["order"]),
    view: deleted(raw["view"]),
    columns: text(raw["columns"]),
    flat: flag(raw["flat"]),
    open: typeof raw["open"] === "boolean" ? raw["open"] : undefined,
    group: texts(raw["group"]),
    facets: texts(raw["facets"]),
    charts: typeof raw["charts"] === "boolean" ? raw["charts"] : undefined,
    saved: text(raw["saved"]),
    selected: texts(
      typeof raw["selected"] === "string" ? raw["selected"].split(",") : raw["selected"],
    ),
    all: flag(raw["all"]),
    ...parseChartSearch(raw),
  });
}

export function parseReportsSearch(raw: Raw): ReportsSearch {
  return compact({ q: text(raw["q"]) });
}

export function parseModelSearch(raw: Raw): ModelSearch {
  const versions = Array.isArray(raw["versions"]) ? raw["versions"].map(String) : undefined;
  return compact({
    tab: MODEL_TABS.find((tab) => tab === raw["tab"] && tab !== "versions"),
    versions: texts(versions),
    request: text(raw["request"]),
  });
}

export function parseReportSearch(raw: Raw): ReportSearch {
  const { version } = raw;
  return compact({
    edit: flag(raw["edit"]),
    version: Number.isInteger(version) ? Number(version) : undefined,
  });
}

export function parseCompareSearch(raw: Raw): CompareSearch {
  return {
    runs: text(raw["runs"]) ?? "",
    ...compact({
      all: flag(raw["all"]),
      tab: COMPARE_TABS.find((tab) => tab === raw["tab"] && tab !== "values"),
      left: text(raw["left"]),
      right: text(raw["right"]),
      path: text(raw["path"]),
      by: text(raw["by"]),
      metric: text(raw["metric"]),
      base: text(raw["base"]),
      ...parseChartSearch(raw),
    }),
  };
}

export function parseRunSearch(raw: Raw): RunSearch {
  return compact({
    tab: RUN_TABS.find((tab) => tab === raw["tab"] && tab !== "overview"),
    path: text(raw["path"]),
    host: text(raw["host"]),
    console: text(raw["console"]),
    stream: raw["stream"] === "out" || raw["stream"] === "err" ? raw["stream"] : undefined,
    ...parseChartSearch(raw),
  });
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list of texts; one text is a list of one. */
function texts(value: unknown): readonly string[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === "string" && one !== "",
  );
  return list.length === 0 ? undefined : list;
}

function flag(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

function deleted(value: unknown): "deleted" | undefined {
  return value === "deleted" ? value : undefined;
}

function compact<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
