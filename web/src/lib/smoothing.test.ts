import { describe, expect, it } from "vitest";

import { smooth } from "./smoothing";

describe("smooth", () => {
  it("leaves values alone at weight 0", () => {
    expect(smooth([1, null, 3], 0)).toEqual([1, null, 3]);
  });

  it("starts at the first value", () => {
    expect(smooth([4, 4, 4], 0.9)).toEqual([4, 4, 4].map((value) => expect.closeTo(value, 12)));
  });

  it("weighs the past by the formula", () => {
    // By hand, w = 1/2: x1 = 2 → 2; then (½·1 + ½·8) / ¾ = 6.
    expect(smooth([2, 8], 0.5)).toEqual([2, 6]);
  });

  it("skips gaps", () => {
    expect(smooth([2, null, 8], 0.5)).toEqual([2, null, 6]);
  });
});
