import { expect, it } from "vitest";

import { toColumn } from "./run-columns";
import { tableCsv } from "./table-csv";

it("writes what the table shows, in full", () => {
  const rows: Parameters<typeof tableCsv>[0] = [
    {
      id: "a",
      name: "first, best",
      status: "FINISHED",
      startTime: 0,
      endTime: 1500,
      user: "ada",
      cells: { "max(metrics.loss)": 0.123456789 },
    },
    { id: "b", name: "b", status: "RUNNING", startTime: 0, endTime: null, user: "", cells: {} },
  ];
  const columns = [
    toColumn("attributes", "duration"),
    toColumn("metrics", "loss", { shown: "max" }),
    toColumn("metrics", "loss", { shown: "curve" }),
  ];

  expect(tableCsv(rows, columns).trim().split(/\r?\n/)).toEqual([
    "Run id,Name,Duration,max(metrics.loss)",
    'a,"first, best",1.5,0.123456789',
    "b,b,,",
  ]);
});
