import { describe, expect, it } from "vitest";

import { categoryScale, durationScale, linearScale, logScale, padded } from "./scale";

const labels = (ticks: { label: string }[]) => ticks.map((tick) => tick.label);

describe("linearScale", () => {
  it("has round ticks and goes back and forth", () => {
    const scale = linearScale(0, 0.35);

    expect(labels(scale.ticks(4))).toEqual(["0", "0.1", "0.2", "0.3"]);
    expect(scale.invert(scale.at(0.2))).toBeCloseTo(0.2);
  });

  it("makes room around a single value", () => {
    const [low, high] = linearScale(3, 3).domain;

    expect([low < 3, high > 3]).toEqual([true, true]);
  });
});

describe("logScale", () => {
  it("has a tick for each decade", () => {
    expect(labels(logScale(0.001, 100).ticks(6))).toEqual([
      "0.001",
      "0.01",
      "0.1",
      "1",
      "10",
      "100",
    ]);
  });

  it("has no place for zero", () => {
    expect(logScale(0.1, 10).at(0)).toBeNaN();
  });

  it("says its ends where no round number is between them", () => {
    expect(logScale(3.1, 3.9).ticks(5)).toHaveLength(2);
  });
});

it("labels spans of time by units that people use", () => {
  expect(labels(durationScale(0, 3_600_000).ticks(4))).toEqual([
    "0",
    "15m 0s",
    "30m 0s",
    "45m 0s",
    "1h 0m",
  ]);
});

it("puts each name into the middle of its share, and leaves out names that have no room", () => {
  const scale = categoryScale(["a", "b", "c", "d"]);

  expect(scale.at(0)).toBeCloseTo(0.125);
  expect(labels(scale.ticks(2))).toEqual(["a", "c"]);
});

it("pads a log range by a factor", () => {
  expect(padded(1, 100, true, 0.5)).toEqual([0.1, 1000]);
});
