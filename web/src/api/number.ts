import type { WireNumber } from "./wire";

/** A float64 as JSON carries it here: NaN and the infinities travel as strings. */
export function parseNumber(value: WireNumber): number {
  return typeof value === "number" ? value : Number(value);
}
