import { queryOptions, useQueries } from "@tanstack/react-query";

import { artifactUrl, getArtifactText } from "@/api/artifacts";
import { ApiError } from "@/api/http";
import type { Json } from "@/lib/json-tree";
import { csvTable, jsonTable, type TableData } from "@/lib/table-data";

import type { ChartQuery, ChartRun } from "./define-chart";

export interface RunTable {
  run: ChartRun;
  table: TableData;
}

interface RunTables {
  tables: RunTable[];
  isPending: boolean;
  /** The first that is no "this run has none". */
  error: Error | null;
  retry: () => void;
}

export const MAX_TABLE_RUNS = 10;

/** The requests for the tables. */
export function tableRequests(tables: readonly RunTable[], path: string): ChartQuery[] {
  return tables.map(({ run }) => ({ path: artifactUrl(run.id, path) }));
}

/**
 * The table that runs logged at one path, of those that have it: what `log_table` writes (`columns` and
 * `data` as JSON), or CSV and TSV with a head.
 */
export function useRunTables(runs: readonly ChartRun[], path: string): RunTables {
  const asked = runs.slice(0, MAX_TABLE_RUNS);
  const queries = useQueries({
    queries: asked.map((run) => ({ ...getTable(run.id, path), enabled: path !== "", retry: 0 })),
  });
  const tables = asked.flatMap((run, at): RunTable[] => {
    const table = queries[at]?.data ?? null;
    return table === null ? [] : [{ run, table }];
  });
  const failed = queries.find(
    ({ error }) => error !== null && !(error instanceof ApiError && error.isNotFound),
  );
  return {
    tables,
    isPending: path !== "" && queries.some((query) => query.isPending),
    error: failed?.error ?? null,
    retry: () => void Promise.all(queries.map((query) => query.refetch())),
  };
}

/** A file as a table, read and parsed once for all panels; null where it is none. */
function getTable(runId: string, path: string) {
  const text = getArtifactText(runId, path);
  return queryOptions({
    queryKey: [...text.queryKey, "table"],
    queryFn: async ({ client }) => parseTable(await client.fetchQuery(text), path),
  });
}

export function parseTable(text: string, path: string): TableData | null {
  if (!path.endsWith(".json")) return csvTable(text, path);
  try {
    return jsonTable(JSON.parse(text) as Json);
  } catch {
    return null; // text that only calls itself JSON is no table
  }
}

/** The texts of a column, or null where the table has none of that name. */
export function columnTexts({ columns, rows }: TableData, name: string): string[] | null {
  const at = columns.indexOf(name);
  return at < 0 ? null : rows.map((row) => row[at] ?? "");
}
