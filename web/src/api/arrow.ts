import type { Table } from "@uwdata/flechette";

import { fetchBytes, serverUrl } from "./http";
import { loadCode } from "./load-code";

/** Asks for a table of columns; the answer is an Arrow IPC stream. */
export async function postForTable(
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<Table> {
  const [response, { tableFromIPC }] = await Promise.all([
    fetchBytes(serverUrl(path), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: signal ?? null,
    }),
    // Not part of the app's start; it comes while the server reads.
    loadCode(() => import("@uwdata/flechette")),
  ]);
  return tableFromIPC(new Uint8Array(await response.arrayBuffer()));
}

/** A column of numbers; null is NaN. */
export function numbersOf(table: Table, name: string): Float64Array {
  const found: ArrayLike<number | null> = table.getChild(name).toArray();
  if (found instanceof Float64Array) return found;
  return Float64Array.from(found, (value) => value ?? Number.NaN);
}

/** A column of texts; null where a row has none. */
export function textsOf(table: Table, name: string): (string | null)[] {
  return [...(table.getChild(name).toArray() as Iterable<string | null>)];
}
