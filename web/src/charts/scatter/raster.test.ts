import { expect, it } from "vitest";

import { nearestPoint, rasterPoints, type Points } from "./raster";

const POINTS: Points = {
  left: Float64Array.of(2, 7, Number.NaN),
  top: Float64Array.of(2, 7, 1),
  radius: Float64Array.of(1, 1, 1),
  rgb: [
    [255, 0, 0],
    [0, 0, 255],
    [0, 255, 0],
  ],
};

it("draws discs, and nothing of points without a place", () => {
  const pixels = rasterPoints(POINTS, 10, 10, 1);
  const inked = [...pixels.keys()].filter((at) => at % 4 === 3 && pixels[at]! > 0);

  expect(inked).toHaveLength(10);
  expect(Array.from(pixels.subarray(4 * 22, 4 * 22 + 3))).toEqual([255, 0, 0]);
});

it("is denser where points lie over each other", () => {
  const twice: Points = {
    ...POINTS,
    left: Float64Array.of(2, 2, 2),
    top: Float64Array.of(2, 2, 2),
  };
  const at = 4 * 22 + 3;

  expect(rasterPoints(twice, 10, 10, 1)[at]).toBeGreaterThan(rasterPoints(POINTS, 10, 10, 1)[at]!);
});

it("finds the point under the pointer", () => {
  expect([nearestPoint(POINTS, 3, 2), nearestPoint(POINTS, 50, 50)]).toEqual([0, -1]);
});
