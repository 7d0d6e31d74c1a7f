import { csvText } from "./csv";
import type { RunColumn } from "./run-columns";

export interface FileRow {
  id: string;
  name: string;
  status: string;
  startTime: number;
  endTime: number | null;
  user: string;
  cells: Readonly<Record<string, number | string>>;
}

type Value = string | number | Date | null;

/** A column of a file: of one type, but for the rows that lack it. */
export interface FileColumn {
  title: string;
  values: Value[];
}

/** What a file of runs has: their ids, names and the columns of the table, numbers with all their digits. */
export function fileColumns(rows: readonly FileRow[], columns: readonly RunColumn[]): FileColumn[] {
  const shown = columns.filter((column) => column.shown !== "curve");
  return [
    { title: "Run id", values: rows.map((row) => row.id) },
    { title: "Name", values: rows.map((row) => row.name) },
    ...shown.map((column) => ({
      title:
        column.kind === "attributes"
          ? column.title
          : (column.field ?? column.title).replaceAll("`", ""),
      values: rows.map((row) => valueOf(row, column)),
    })),
  ];
}

export function tableCsv(rows: readonly FileRow[], columns: readonly RunColumn[]): string {
  const file = fileColumns(rows, columns);
  return csvText([
    file.map(({ title }) => title),
    ...rows.map((_, at) => file.map(({ values }) => textOrNumber(values[at] ?? null))),
  ]);
}

function textOrNumber(value: Value): string | number | null {
  return value instanceof Date ? value.toISOString() : value;
}

function valueOf(row: FileRow, { kind, key, field }: RunColumn): Value {
  const cell = field === null ? undefined : row.cells[field];
  if (kind !== "attributes") return cell ?? null;
  switch (key) {
    case "status":
      return row.status;
    case "start_time":
      return new Date(row.startTime);
    case "duration":
      return row.endTime === null ? null : (row.endTime - row.startTime) / 1000;
    case "user":
      return cell ?? row.user;
    default:
      return cell ?? null;
  }
}
