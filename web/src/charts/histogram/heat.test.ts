import { expect, it } from "vitest";

import { heatOf } from "./heat";

const bins = (edges: number[], counts: number[]) => ({ edges, counts, nNotFinite: 0 });

it("lays bins of their own widths over the rows that they cover", () => {
  const heat = heatOf([bins([0, 2, 4], [3, 1]), bins([0, 4], [10])], 4);

  expect([heat.low, heat.high]).toEqual([0, 4]);
  expect(heat.columns.map((rows) => Array.from(rows))).toEqual([
    [0.375, 0.375, 0.125, 0.125],
    [0.25, 0.25, 0.25, 0.25],
  ]);
});
