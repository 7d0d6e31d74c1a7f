import { expect, it } from "vitest";

import { linearTicks, logTicks } from "./axis-ticks";

it.each([
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-3, 7, [-2, 0, 2, 4, 6]],
  [0.13, 0.27, [0.15, 0.2, 0.25]],
  [5, 5, [5]],
])("divides %s to %s at round values", (low, high, ticks) => {
  expect(linearTicks(low, high, 5)).toEqual(ticks);
});

it("divides orders of magnitude at powers of ten", () => {
  expect(logTicks(0.002, 300)).toEqual([0.01, 0.1, 1, 10, 100]);
  expect(logTicks(1e-9, 1e9)).toHaveLength(5);
  expect(logTicks(2, 7)).toEqual([2, 4, 6]);
});
