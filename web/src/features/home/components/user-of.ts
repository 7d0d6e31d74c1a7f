import type { TableRow } from "@/api/run-rows";

export const USER_FIELD = "tags.`mlflow.user`";

/** Who started a run, as far as anybody said. */
export function userOf(row: TableRow): string {
  return (row.cells[USER_FIELD] ?? row.user).toString();
}
