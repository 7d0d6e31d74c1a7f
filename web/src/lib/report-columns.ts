/** Columns of a table in a report, as people write them: `metrics.val/loss`, `params.lr`. */

import { identifier } from "./filter-text";

const KINDS = ["metrics", "params", "tags", "attributes"] as const;

export interface ReportColumn {
  kind: (typeof KINDS)[number];
  key: string;
}

/** The parts of a column's name; null where it is none. */
export function parseColumn(column: string): ReportColumn | null {
  const dot = column.indexOf(".");
  const kind = KINDS.find((one) => one === column.slice(0, dot));
  return kind === undefined ? null : { kind, key: column.slice(dot + 1).replaceAll("`", "") };
}

export function columnTitle(column: string): string {
  const parsed = parseColumn(column);
  if (parsed === null) return column;
  return parsed.kind === "attributes" ? parsed.key.replaceAll("_", " ") : parsed.key;
}

/** Whether means can be taken of a column. */
export function isNumberColumn(column: string): boolean {
  const parsed = parseColumn(column);
  return parsed?.kind === "metrics" || column === "attributes.duration";
}

/** A column in the search language. */
export function searchedField(column: string): string {
  const parsed = parseColumn(column);
  return parsed === null ? column : identifier(parsed.kind, parsed.key);
}
