import { expect, it } from "vitest";

import { barLengths } from "./bar-lengths";

it("measures bars from zero, against the longest", () => {
  expect(barLengths([1, -2, Number.NaN, 0])).toEqual([50, 100, 0, 0]);
});

it("draws no bar when all values are zero", () => {
  expect(barLengths([0, 0])).toEqual([0, 0]);
});
