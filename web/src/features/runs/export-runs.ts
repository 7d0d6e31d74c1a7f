import { readTable, type TableRequest, type TableRow } from "@/api/run-rows";
import { download } from "@/lib/download";
import { quote } from "@/lib/filter-text";
import type { RunColumn } from "@/lib/run-columns";
import { tableCsv } from "@/lib/table-csv";

const ROWS_AT_ONCE = 2000;
const IDS_AT_ONCE = 1000;

export type FileKind = "csv" | "parquet";

/** Saves some runs with the columns of the table as a file; null stands for all runs of the table. */
export async function exportRuns(
  kind: FileKind,
  request: TableRequest,
  columns: readonly RunColumn[],
  runIds: readonly string[] | null,
): Promise<void> {
  const fields = [...new Set(columns.flatMap(({ field }) => (field === null ? [] : [field])))];
  const flat = { ...request, isNested: false, toggled: [] };
  const rows: TableRow[] = [];
  if (runIds === null) {
    for (;;) {
      const part = await readTable(flat, fields, rows.length, ROWS_AT_ONCE);
      rows.push(...part.rows);
      if (part.rows.length < ROWS_AT_ONCE) break;
    }
  } else {
    for (let at = 0; at < runIds.length; at += IDS_AT_ONCE) {
      const ids = runIds.slice(at, at + IDS_AT_ONCE);
      const filter = `attributes.run_id IN (${ids.map(quote).join(", ")})`;
      rows.push(...(await readTable({ ...flat, filter }, fields, 0, ids.length)).rows);
    }
  }
  // What writes Parquet is loaded when somebody wants it.
  const content =
    kind === "csv"
      ? new Blob([tableCsv(rows, columns)], { type: "text/csv" })
      : new Blob([(await import("@/lib/table-parquet")).tableParquet(rows, columns)]);
  download(content, `runs.${kind}`);
}
