import { expect, it } from "vitest";

import { groupMetrics } from "./metric-groups";

it("puts groups with curves first and system metrics last", () => {
  const keys = ["system/cpu", "val/loss", "acc", "train/loss", "val/acc", "train/acc"];

  expect(groupMetrics(keys, new Set(["val/loss", "train/loss", "system/cpu"]))).toEqual([
    { prefix: "train", keys: ["train/acc", "train/loss"] },
    { prefix: "val", keys: ["val/acc", "val/loss"] },
    { prefix: "", keys: ["acc"] },
    { prefix: "system", keys: ["system/cpu"] },
  ]);
});

it("counts as people do", () => {
  const keys = ["layer10", "layer2"];

  expect(groupMetrics(keys, new Set(keys))).toEqual([{ prefix: "", keys: ["layer2", "layer10"] }]);
});

it("makes no group of a single key", () => {
  expect(groupMetrics(["val/loss", "train/loss"], new Set())).toEqual([
    { prefix: "", keys: ["train/loss", "val/loss"] },
  ]);
});
