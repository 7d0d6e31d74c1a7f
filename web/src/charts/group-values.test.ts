import { expect, it } from "vitest";

import { groupValues } from "./group-values";

const VALUES = {
  runIds: ["a", "b", "c", "d"],
  names: ["a", "b", "c", "d"],
  columns: [
    { field: "loss", numbers: Float64Array.of(1, 2, Number.NaN, 4), categories: null },
    { field: "model", numbers: Float64Array.of(1, 0, 0, Number.NaN), categories: ["cnn", "mlp"] },
  ],
  nMatching: 4,
};

it("groups values by name, and puts runs without one last", () => {
  expect(groupValues(VALUES, "loss", "model")).toEqual([
    { label: "cnn", values: [2], names: ["b"] },
    { label: "mlp", values: [1], names: ["a"] },
    { label: "none", values: [4], names: ["d"] },
  ]);
});

it("makes one group of all without a field to group by", () => {
  expect(groupValues(VALUES, "loss", "")).toMatchObject([{ label: "all", values: [1, 2, 4] }]);
});
