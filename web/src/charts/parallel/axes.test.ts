import { expect, it } from "vitest";

import { axesOf, chosenRuns, nearestRun } from "./axes";

const VALUES = {
  runIds: ["a", "b", "c"],
  names: ["a", "b", "c"],
  columns: [
    { field: "lr", numbers: Float64Array.of(0, 1, 2), categories: null },
    { field: "model", numbers: Float64Array.of(0, 1, Number.NaN), categories: ["cnn", "mlp"] },
  ],
  nMatching: 3,
};
const AXES = axesOf(VALUES, ["lr", "model", "gone"], []);

it("puts numbers and categories on axes, and passes over what is not there", () => {
  expect(AXES.map(({ heights }) => [...heights])).toEqual([
    [0, 0.5, 1],
    [0.25, 0.75, Number.NaN],
  ]);
});

it("chooses the runs that are within all brushes", () => {
  expect(chosenRuns(AXES, {})).toBeNull();
  expect([...chosenRuns(AXES, { lr: [0, 1] })!]).toEqual([1, 1, 0]);
  expect([...chosenRuns(AXES, { lr: [0, 2], model: [0.5, 1.5] })!]).toEqual([0, 1, 0]);
});

it("finds the line under the pointer among those that are chosen", () => {
  expect(nearestRun(AXES, 0.5, 0.125, null)).toBe(0);
  expect(nearestRun(AXES, 0.5, 0.125, Uint8Array.of(0, 1, 1))).toBe(-1);
});
