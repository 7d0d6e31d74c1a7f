import { describe, expect, it } from "vitest";

import { categoryScale, durationScale, linearScale, logScale, padded } from "./scale";

const labels = (ticks: { label: string }[]) => ticks.map((tick) => tick.label);

describe("linearScale", () => {
  it("has round ticks and goes back and forth", () => {
    const scale = linearScale(0, 0.35);

    expect(labels(scale.ticks(4))).toEqual(["0", "0.1", "0.2", "0.3"]);
    expect(scale.invert(scale.at(0.2))).toBeCloseTo(0.2);
  });

  it("has labels with as many digits as tell ticks apart", () => {
    expect(labels(linearScale(331.41, 331.44).ticks(3))).toEqual([
      "331.41",
      "331.42",
      "331.43",
      "331.44",
    ]);
    expect(labels(linearScale(50_211, 50_217).ticks(2))).toEqual(["50,215"]);
    expect(labels(linearScale(0, 4e-5).ticks(2))).toEqual(["0", "0.00002", "0.00004"]);
    expect(labels(linearScale(1_000_000_000, 1_000_000_200).ticks(1))).toEqual([
      "1e9",
      "1.0000002e9",
    ]);
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

  it("leaves out decades that have no room, and still has two ticks", () => {
    expect(labels(logScale(7e-5, 0.04).ticks(2))).toEqual(["1e-4", "0.01"]);
  });

  it("has round values where no decade is between its ends", () => {
    expect(labels(logScale(3.1, 3.9).ticks(5))).toEqual(["3.2", "3.4", "3.6", "3.8"]);
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
