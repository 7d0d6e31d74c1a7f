import type { TableData } from "@/lib/table-data";

export interface DiffCell {
  before: string | null;
  after: string | null;
}

export interface DiffRow {
  /** The row's name, or its number from 1. */
  name: string;
  kind: "same" | "changed" | "added" | "removed";
  cells: DiffCell[];
}

export interface TableDiff {
  columns: string[];
  rows: DiffRow[];
}

/** Rows of two tables side by side, by a column that names them or by their order. */
export function tableDiff(before: TableData, after: TableData, rowKey: string): TableDiff {
  const columns = [...new Set([...before.columns, ...after.columns])].filter(
    (column) => column !== rowKey,
  );
  const [left, right] = [byName(before, rowKey), byName(after, rowKey)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const rows = names.map((name): DiffRow => {
    const [old, recent] = [left.get(name), right.get(name)];
    const cells = columns.map((column) => ({
      before: cellOf(before, old, column),
      after: cellOf(after, recent, column),
    }));
    const isSame = cells.every((cell) => cell.before === cell.after);
    const changed = isSame ? "same" : "changed";
    return {
      name,
      kind: old === undefined ? "added" : recent === undefined ? "removed" : changed,
      cells,
    };
  });
  return { columns, rows };
}

function byName({ columns, rows }: TableData, rowKey: string): Map<string, readonly string[]> {
  const at = columns.indexOf(rowKey);
  return new Map(rows.map((row, number) => [at < 0 ? String(number + 1) : (row[at] ?? ""), row]));
}

function cellOf(
  { columns }: TableData,
  row: readonly string[] | undefined,
  column: string,
): string | null {
  const at = columns.indexOf(column);
  return row === undefined || at < 0 ? null : (row[at] ?? null);
}
