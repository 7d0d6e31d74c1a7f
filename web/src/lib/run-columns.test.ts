import { describe, expect, it } from "vitest";

import {
  allColumns,
  decodeColumns,
  defaultColumns,
  encodeColumns,
  moveColumn,
  prefixOf,
  stepColumn,
  toColumn,
} from "./run-columns";

const KEYS = {
  metrics: ["acc", "system/cpu", "val/loss, smoothed"],
  params: ["lr"],
  tags: ["mlflow.user", "team"],
};

const keys = (moved: readonly { key: string; isPinned: boolean }[]) =>
  moved.map(({ key, isPinned }) => (isPinned ? `${key}*` : key));

describe("run columns", () => {
  it("reads back what a link holds, whatever the keys are", () => {
    const columns = allColumns(KEYS, 2);

    expect(decodeColumns(encodeColumns(columns))).toEqual(columns);
  });

  it("reads back what a column shows, where it is pinned and how wide it is", () => {
    const columns = [
      toColumn("params", "a!b", { isPinned: true, width: 120 }),
      toColumn("metrics", "loss", { shown: "max" }),
      toColumn("metrics", "loss", { shown: "curve" }),
    ];

    expect(decodeColumns(encodeColumns(columns))).toEqual(columns);
    expect(columns.map((column) => column.field)).toEqual([
      "params.`a!b`",
      "max(metrics.loss)",
      null,
    ]);
  });

  it("moves a column before another, which pins it beside one that is pinned", () => {
    const columns = [
      toColumn("params", "a", { isPinned: true }),
      toColumn("params", "b"),
      toColumn("params", "c"),
    ];
    expect(keys(moveColumn(columns, "params.c", "params.b"))).toEqual(["a*", "c", "b"]);
    expect(keys(moveColumn(columns, "params.c", "params.a"))).toEqual(["c*", "a*", "b"]);
    expect(keys(stepColumn(columns, "params.c", -1))).toEqual(["a*", "c", "b"]);
    expect(keys(stepColumn(columns, "params.b", -1))).toEqual(["a*", "b", "c"]);
  });

  it("groups names by what stands before their last slash or dot", () => {
    const prefixes = ["val/loss", "optimizer.lr", "loss", "a/b/c", "/x", "x/"];

    expect(prefixes.map((key) => prefixOf({ kind: "metrics", key }))).toEqual([
      "val",
      "optimizer",
      "",
      "a/b",
      "",
      "",
    ]);
  });

  it("drops what it does not know from a link", () => {
    expect(decodeColumns("m.acc,z.what,,p.%zz").map((column) => column.id)).toEqual([
      "metrics.acc",
      "params.%zz",
    ]);
  });

  it("tells runs of several experiments apart, and of one does not offer to", () => {
    expect(defaultColumns(KEYS, 2)[0]?.id).toBe("attributes.experiment");
    expect(allColumns(KEYS, 1).map(({ id }) => id)).not.toContain("attributes.experiment");
  });

  it("shows no system metrics and no tags at first", () => {
    expect(defaultColumns(KEYS, 1).map((column) => column.id)).toEqual([
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
      allColumns(KEYS, 2)
        .filter(({ kind }) => kind === "tags")
        .map(({ key }) => key),
    ).toEqual(["team"]);
  });
});
