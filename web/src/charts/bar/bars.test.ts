import { expect, it } from "vitest";

import { meanBars } from "./bars";

const GROUPS = [
  { label: "a", values: [1, 2, 3], names: [] },
  { label: "b", values: [5], names: [] },
];

it("has means with the deviation of a sample", () => {
  expect(meanBars(GROUPS, "std")).toEqual([
    { id: "a", label: "a", value: 2, reach: 1, n: 3 },
    { id: "b", label: "b", value: 5, reach: 0, n: 1 },
  ]);
});

it("has confidence intervals by Student's t", () => {
  expect(meanBars(GROUPS, "ci")[0]?.reach).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
});
