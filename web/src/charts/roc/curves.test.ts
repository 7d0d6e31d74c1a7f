import { expect, it } from "vitest";

import { isPositive, precisionRecallCurve, rocCurve } from "./curves";

const LABELS = [false, false, true, true];
const SCORES = [0.1, 0.4, 0.35, 0.8];

it("has the area of the chance that a positive scores higher", () => {
  expect(rocCurve(LABELS, SCORES)?.area).toBe(0.75);
  expect(rocCurve([true, false], [0.5, 0.5])?.area).toBe(0.5);
});

it("has the average precision", () => {
  // Positives at ranks 1 and 3: (1 + 2/3) / 2.
  expect(precisionRecallCurve(LABELS, SCORES)?.area).toBeCloseTo(5 / 6);
});

it("is nothing where a class is missing", () => {
  expect(rocCurve([true, true], [1, 2])).toBeNull();
});

it("reads what people log as classes", () => {
  expect(["1", "true", "1.0", "0", "False", "cat"].map(isPositive)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
