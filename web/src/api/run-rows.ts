import { post } from "./http";
import { parseNumber } from "./number";
import type { RunColumns } from "./runs";
import type {
  ListRunColumns,
  ReadRunTable,
  RunColumns as WireRunColumns,
  RunStatus,
  RunTable as WireRunTable,
  TableRow as WireRow,
  ViewType,
} from "./schema";

export type Cell = number | string;

/** A run as a row of the table, with times in ms since the epoch. */
export interface TableRow {
  id: string;
  name: string;
  experimentId: string;
  status: RunStatus;
  startTime: number;
  endTime: number | null;
  user: string;
  isDeleted: boolean;
  /** How many runs it is within, and how many are within it. */
  depth: number;
  nBelow: number;
  isOpen: boolean;
  /** False of a run that is here only because of others within it. */
  isMatch: boolean;
  /** By field, as it was asked for. */
  cells: Record<string, Cell>;
}

export interface TablePart {
  rows: TableRow[];
  /** Of the whole table. */
  nRows: number;
  /** How many runs match. */
  nRuns: number;
}

/** All that decides which runs a table has, and in which order. */
export interface TableRequest {
  experimentIds: readonly string[];
  filter: string;
  order: readonly string[];
  viewType: ViewType;
  isNested: boolean;
  /** Whether families are open, but for those that are toggled. */
  isOpen: boolean;
  toggled: readonly string[];
}

export interface ColumnNames extends RunColumns {
  nParams: number;
  nMetrics: number;
  nTags: number;
}

export const TABLE_PAGE = 100;
export const MOST_NAMES = 200;
const IDS_AT_ONCE = 10_000;

/** The ids of all runs that match, whatever their number. */
export async function findRunIds(request: TableRequest, signal?: AbortSignal): Promise<string[]> {
  const flat = { ...request, isNested: false, toggled: [] };
  const ids: string[] = [];
  for (;;) {
    const part = await readTable(flat, [], ids.length, IDS_AT_ONCE, signal);
    ids.push(...part.rows.map((row) => row.id));
    if (part.rows.length < IDS_AT_ONCE) return [...new Set(ids)];
  }
}

export async function readTable(
  request: TableRequest,
  fields: readonly string[],
  offset: number,
  maxRows: number,
  signal?: AbortSignal,
): Promise<TablePart> {
  const answer = await post<WireRunTable>(
    "api/1.0/fluvial/runs/table",
    {
      experiment_ids: [...request.experimentIds],
      filter: request.filter,
      order_by: [...request.order],
      run_view_type: request.viewType,
      is_nested: request.isNested,
      is_open: request.isOpen,
      toggled: [...request.toggled],
      fields: [...fields],
      offset,
      max_rows: maxRows,
    } satisfies ReadRunTable,
    signal,
  );
  const rows = (answer.rows ?? []).map(parseRow);
  (answer.columns ?? []).forEach((column, at) => {
    const field = fields[at] ?? "";
    const values = column.numbers?.map(parseNumber) ?? column.texts ?? [];
    (column.rows ?? []).forEach((place, number) => {
      const [row, value] = [rows[place], values[number]];
      if (row !== undefined && value !== undefined) row.cells[field] = value;
    });
  });
  return { rows, nRows: answer.n_rows ?? 0, nRuns: answer.n_runs ?? 0 };
}

/** Names of columns that contain a text; the first of them, and how many there are. */
export async function readColumnNames(
  experimentIds: readonly string[],
  contains = "",
  most: number | null = MOST_NAMES,
  signal?: AbortSignal,
): Promise<ColumnNames> {
  const answer = await post<WireRunColumns>(
    "api/1.0/fluvial/runs/columns",
    {
      experiment_ids: [...experimentIds],
      name_contains: contains,
      max_names: most ?? undefined,
    } satisfies ListRunColumns,
    signal,
  );
  return {
    params: answer.params ?? [],
    metrics: answer.metrics ?? [],
    tags: answer.tags ?? [],
    nParams: answer.n_params ?? 0,
    nMetrics: answer.n_metrics ?? 0,
    nTags: answer.n_tags ?? 0,
  };
}

function parseRow(row: WireRow): TableRow {
  return {
    id: row.run_id,
    name: row.run_name,
    experimentId: row.experiment_id,
    status: row.status,
    startTime: row.start_time,
    endTime: row.end_time ?? null,
    user: row.user_id ?? "",
    isDeleted: row.lifecycle_stage === "deleted",
    depth: row.depth ?? 0,
    nBelow: row.n_below ?? 0,
    isOpen: row.is_open ?? false,
    isMatch: row.is_match ?? true,
    cells: {},
  };
}
