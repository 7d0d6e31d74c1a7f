import { csvText } from "./csv";
import type { RunColumn } from "./run-columns";

interface Row {
  id: string;
  name: string;
  status: string;
  startTime: number;
  endTime: number | null;
  user: string;
  cells: Readonly<Record<string, number | string>>;
}

/** Runs as CSV: their ids, names and the columns of the table, numbers with all their digits. */
export function tableCsv(rows: readonly Row[], columns: readonly RunColumn[]): string {
  const shown = columns.filter((column) => column.shown !== "curve");
  const titles = shown.map(({ kind, title, field }) =>
    kind === "attributes" ? title : (field ?? title).replaceAll("`", ""),
  );
  return csvText([
    ["Run id", "Name", ...titles],
    ...rows.map((row) => [row.id, row.name, ...shown.map((column) => valueOf(row, column))]),
  ]);
}

function valueOf(row: Row, { kind, key, field }: RunColumn): string | number | null {
  const cell = field === null ? undefined : row.cells[field];
  if (kind !== "attributes") return cell ?? null;
  switch (key) {
    case "status":
      return row.status;
    case "start_time":
      return new Date(row.startTime).toISOString();
    case "duration":
      return row.endTime === null ? null : (row.endTime - row.startTime) / 1000;
    case "user":
      return cell ?? row.user;
    default:
      return cell ?? null;
  }
}
