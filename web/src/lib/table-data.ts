import { parseCsv } from "./csv";
import type { Json } from "./json-tree";

export interface TableData {
  columns: string[];
  rows: string[][];
  /** True if the file has more rows than were read. */
  isCut: boolean;
}

const MAX_ROWS = 100_000;

export function csvTable(text: string, name: string): TableData {
  const delimiter = name.toLowerCase().endsWith(".tsv") ? "\t" : ",";
  const [columns = [], ...rows] = parseCsv(text, delimiter, MAX_ROWS + 2);
  return { columns, rows: rows.slice(0, MAX_ROWS), isCut: rows.length > MAX_ROWS };
}

/** The table in a JSON file as MLflow logs tables (`columns` and `data`), or null if there is none. */
export function jsonTable(document: Json): TableData | null {
  if (document === null || typeof document !== "object" || Array.isArray(document)) return null;
  const { columns, data } = document;
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
  return {
    columns: columns.map(cellText),
    rows: data.slice(0, MAX_ROWS).map((row) => row.map(cellText)),
    isCut: data.length > MAX_ROWS,
  };
}

function cellText(value: Json): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
