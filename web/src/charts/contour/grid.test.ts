import { expect, it } from "vitest";

import { cellMeans, interpolated, paintGrid } from "./grid";

const SAMPLES = { x: [0.1, 0.2, 1], y: [0.1, 0.2, 1], z: [1, 3, 9] };

it("averages the runs of each cell, and knows nothing of empty ones", () => {
  expect([...cellMeans(SAMPLES, 2, 2).values]).toEqual([2, Number.NaN, Number.NaN, 9]);
});

it("goes through runs and stays between their values", () => {
  const { values } = interpolated({ x: [0.25, 0.75], y: [0.5, 0.5], z: [0, 10] }, 2, 1);

  expect(values[0]).toBeCloseTo(0, 3);
  expect(values[1]).toBeCloseTo(10, 3);
});

it("paints the first row at the bottom", () => {
  const grid = { nX: 1, nY: 2, values: Float64Array.of(1, Number.NaN) };
  const pixels = paintGrid(grid, 1, 2, () => [7, 8, 9]);

  expect([...pixels]).toEqual([0, 0, 0, 0, 7, 8, 9, 255]);
});
