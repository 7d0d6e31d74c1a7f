import { describe, expect, it } from "vitest";

import { meanCurve, valuesAt } from "./curve-groups";

const curve = (x: number[], y: number[]) => ({ x: Float64Array.from(x), y: Float64Array.from(y) });

describe("meanCurve", () => {
  it("averages curves that share their steps, with the deviation of a sample", () => {
    const found = meanCurve([curve([0, 1], [1, 2]), curve([0, 1], [3, 2])], "std");

    expect([...found.y]).toEqual([2, 2]);
    expect(found.high[0]).toBeCloseTo(2 + Math.SQRT2);
    expect(found.low[1]).toBe(2);
  });

  it("gives the interval of Student's t", () => {
    const found = meanCurve([curve([0], [1]), curve([0], [2]), curve([0], [3])], "ci");

    // t(0.975, 2) = 4.3027, s = 1, n = 3.
    expect(found.high[0]).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 3);
  });

  it("counts a curve only between its ends, and bands no single one", () => {
    const found = meanCurve([curve([0, 1], [1, 1]), curve([0, 1, 2], [3, 3, 7])], "std");

    expect([...found.n]).toEqual([2, 2, 1]);
    expect([found.y[2], found.low[2]]).toEqual([7, Number.NaN]);
  });

  it("leaves NaN out", () => {
    const found = meanCurve([curve([0], [Number.NaN]), curve([0], [4])], "std");

    expect([found.y[0], found.n[0]]).toEqual([4, 1]);
  });
});

it("reads between points by straight lines", () => {
  const values = valuesAt(curve([0, 10], [0, 100]), Float64Array.from([-1, 0, 2.5, 10, 11]));

  expect([...values]).toEqual([Number.NaN, 0, 25, 100, Number.NaN]);
});
