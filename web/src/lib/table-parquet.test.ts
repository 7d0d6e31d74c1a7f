import { parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";

import { toColumn } from "./run-columns";
import { tableParquet } from "./table-parquet";

it("writes numbers, texts and times that read back as they were", async () => {
  const rows: Parameters<typeof tableParquet>[0] = [
    {
      id: "a",
      name: "first, best",
      status: "FINISHED",
      startTime: 1_790_000_000_000,
      endTime: null,
      user: "ada",
      cells: { "metrics.loss": 0.1, "params.depth": "3" },
    },
    { id: "b", name: "b", status: "FAILED", startTime: 0, endTime: null, user: "", cells: {} },
  ];
  const columns = [
    toColumn("attributes", "start_time"),
    toColumn("metrics", "loss"),
    toColumn("params", "depth"),
  ];

  const read = await parquetReadObjects({ file: tableParquet(rows, columns) });

  expect(read).toEqual([
    {
      "Run id": "a",
      Name: "first, best",
      Started: new Date(1_790_000_000_000),
      "metrics.loss": 0.1,
      "params.depth": "3",
    },
    {
      "Run id": "b",
      Name: "b",
      Started: new Date(0),
      "metrics.loss": null,
      "params.depth": null,
    },
  ]);
});
