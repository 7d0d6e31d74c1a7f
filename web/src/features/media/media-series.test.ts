import { expect, it } from "vitest";

import type { MediaItem } from "@/api/media";

import { mediaSeries } from "./media-series";

function item(key: string, step: number, path: string): MediaItem {
  return { key, kind: "image", step, caption: "", runId: "r", path, bins: null };
}

it("puts the items of one key and step together", () => {
  const [first, second] = mediaSeries([
    item("a", 1, "x"),
    item("a", 1, "y"),
    item("a", 3, "z"),
    item("b", 0, "w"),
  ]);

  expect(first?.steps).toEqual([1, 3]);
  expect(first?.itemsOfSteps.map((items) => items.map(({ path }) => path))).toEqual([
    ["x", "y"],
    ["z"],
  ]);
  expect(second?.key).toBe("b");
});
