import type { TableRow } from "@/api/run-rows";
import type { RunColor } from "@/lib/run-colors";
import { textOfField } from "@/lib/run-fields";

import type { ChartRun } from "./define-chart";

/**
 * A row of the table as its charts know it.
 *
 * @param cells The row's texts by field, as far as they are known.
 */
export function chartedRow(
  row: TableRow,
  color: RunColor | undefined,
  cells: TableRow["cells"],
): ChartRun {
  const { id, name, startTime, status, user } = row;
  const known = { name, status, user, params: {}, tags: {} };
  return {
    id,
    name,
    startTime,
    color: color ?? { index: 0, round: 0 },
    textOf: (field) => cells[field]?.toString() ?? textOfField(known, field),
  };
}
