import type { Metric } from "./schema";

/** A float64 as JSON carries it here: NaN and the infinities travel as strings. */
export function parseNumber(value: Metric["value"]): number {
  return typeof value === "number" ? value : Number(value);
}
