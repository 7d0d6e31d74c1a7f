import { describe, expect, it } from "vitest";

import { smooth } from "./smoothing";

const of = (...values: number[]) => Float64Array.from(values);

describe.each(["ema", "gaussian"] as const)("smooth by %s", (smoother) => {
  it("changes nothing without strength", () => {
    expect([...smooth(of(1, 5, 2), 0, smoother)]).toEqual([1, 5, 2]);
  });

  it("keeps a constant curve where it is", () => {
    const smoothed = smooth(of(3, 3, 3, 3), 0.9, smoother);

    for (const value of smoothed) expect(value).toBeCloseTo(3, 12);
  });

  it("goes around values that are not finite", () => {
    const smoothed = smooth(of(1, Number.NaN, 1, Number.POSITIVE_INFINITY), 0.5, smoother);

    expect([...smoothed]).toEqual([1, Number.NaN, 1, Number.POSITIVE_INFINITY]);
  });
});

it("weighs the past by the strength", () => {
  expect([...smooth(of(2, 8), 0.5, "ema")]).toEqual([2, 6]);
});

it("looks to both sides alike", () => {
  const [left, , right] = smooth(of(0, 1, 0), 0.5, "gaussian");

  expect(left).toBe(right);
});
