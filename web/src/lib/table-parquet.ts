import { parquetWriteBuffer } from "hyparquet-writer";

import type { RunColumn } from "./run-columns";
import { fileColumns, type FileRow } from "./table-csv";

/** Runs as a Parquet file: numbers as doubles, times in UTC; null where a run lacks a value. */
export function tableParquet(rows: readonly FileRow[], columns: readonly RunColumn[]): ArrayBuffer {
  // Two columns may have one title; in a file each has a name of its own.
  const names = new Set<string>();
  const columnData = fileColumns(rows, columns).map(({ title, values }) => {
    let name = title;
    for (let number = 2; names.has(name); number += 1) name = `${title} ${number}`;
    names.add(name);
    return { name, data: values, type: typeOf(values), nullable: true };
  });
  return parquetWriteBuffer({ columnData });
}

function typeOf(values: readonly unknown[]): "DOUBLE" | "STRING" | "TIMESTAMP" {
  const first = values.find((value) => value !== null);
  if (first instanceof Date) return "TIMESTAMP";
  return typeof first === "number" ? "DOUBLE" : "STRING";
}
