import { describe, expect, it } from "vitest";

import { allColumns, decodeColumns, defaultColumns, encodeColumns } from "./run-columns";

const KEYS = {
  metrics: ["acc", "system/cpu", "val/loss, smoothed"],
  params: ["lr"],
  tags: ["mlflow.user", "team"],
};

describe("run columns", () => {
  it("reads back what a link holds, whatever the keys are", () => {
    const columns = allColumns(KEYS);

    expect(decodeColumns(encodeColumns(columns))).toEqual(columns);
  });

  it("drops what it does not know from a link", () => {
    expect(decodeColumns("m.acc,z.what,,p.%zz").map((column) => column.id)).toEqual([
      "metrics.acc",
      "params.%zz",
    ]);
  });

  it("shows no system metrics and no tags at first", () => {
    expect(defaultColumns(KEYS).map((column) => column.id)).toEqual([
      "attributes.status",
      "attributes.start_time",
      "attributes.duration",
      "metrics.acc",
      "metrics.val/loss, smoothed",
      "params.lr",
    ]);
  });

  it("leaves MLflow's own tags out of the list", () => {
    expect(
      allColumns(KEYS)
        .filter(({ kind }) => kind === "tags")
        .map(({ key }) => key),
    ).toEqual(["team"]);
  });
});
