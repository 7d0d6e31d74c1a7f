import { expect, it } from "vitest";

import { normalTwoSided, studentCritical } from "./distributions";
import { describeSample, rankTest, welchTest } from "./two-samples";

/** scipy 1.17: ttest_ind(second, first, equal_var=False) and mannwhitneyu(second, first). */
const CASES = {
  few: {
    first: [0.81, 0.79, 0.84, 0.8, 0.83],
    second: [0.76, 0.78, 0.75, 0.8, 0.77],
    welch: [
      -0.042_000_000_000_000_04, -3.320_391_543_176_803, 7.955_251_709_136_113,
      0.010_618_004_295_080_682, -0.071_197_485_606_889_65, -0.012_802_514_393_110_42,
    ],
    rank: [1.5, 0.027_802_962_434_649_296],
  },
  unequal: {
    first: [10.1, 9.8, 10.4, 10],
    second: [12, 8, 15, 9.5, 11.2, 13.1, 7.7],
    welch: [
      0.853_571_428_571_429_5, 0.831_958_428_858_101, 6.179_365_241_541_673_5,
      0.436_396_832_229_272_06, -1.639_348_812_898_680_4, 3.346_491_670_041_539_5,
    ],
    rank: [16, 0.787_878_787_878_787_8],
  },
  ties: {
    first: [1, 2, 2, 3, 4],
    second: [2, 3, 3, 5, 6, 6],
    welch: [
      1.766_666_666_666_667, 2.033_953_324_601_341_3, 8.650_898_787_856_045,
      0.073_733_447_272_395_03, -0.210_368_551_266_264_08, 3.743_701_884_599_598,
    ],
    rank: [24, 0.113_049_978_856_322_3],
  },
  many: {
    first: [0.346, 0.822, 0.33, -1.303, 0.905, 0.446, -0.537, 0.581, 0.365, 0.294, 0.028, 0.547],
    second: [
      1.178, -0.245, -0.026, -4.083, 4.399, 3.088, 0.149, 2.348, 1.362, -0.308, 2.755, 0.179, 0.142,
      -0.784, 1.71,
    ],
    welch: [
      0.5556, 1.015_889_496_826_541_7, 17.140_468_110_941_16, 0.323_808_260_502_101_2,
      -0.597_559_063_644_952_9, 1.708_759_063_644_953,
    ],
    rank: [100, 0.642_968_367_846_810_1],
  },
};

it.each(Object.entries(CASES))(
  "agrees with scipy on Welch's test (%s)",
  (_, { first, second, welch }) => {
    const found = welchTest(first, second)!;

    const { difference, t, degrees, p, low, high } = found;
    [difference, t, degrees, p, low, high].forEach((value, at) =>
      expect(value).toBeCloseTo(welch[at]!, 9),
    );
  },
);

it.each(Object.entries(CASES))("agrees with scipy on ranks (%s)", (_, { first, second, rank }) => {
  const found = rankTest(first, second)!;

  expect(found.u).toBe(rank[0]);
  expect(found.p).toBeCloseTo(rank[1]!, 9);
});

it.each([
  [0.05, 1, 12.706_204_736_174_694],
  [0.05, 2.5, 3.574_654_842_003_681_7],
  [0.05, 30, 2.042_272_456_301_237_8],
  [0.1, 7, 1.894_578_605_090_006_2],
])("agrees with scipy on the t of a share %f at %f degrees", (share, degrees, t) => {
  expect(studentCritical(share, degrees)).toBeCloseTo(t, 9);
});

it.each([
  [0, 1],
  [1.959_963_984_540_054, 0.05],
  [5, 5.733_031_437_583_892e-7],
])("knows the tails of the normal distribution at %f", (z, p) => {
  expect(normalTwoSided(z) / p).toBeCloseTo(1, 9);
});

it("has no test for one value, or where nothing varies", () => {
  expect(welchTest([1], [1, 2])).toBeNull();
  expect(welchTest([1, 1], [2, 2])).toBeNull();
  expect(rankTest([], [1])).toBeNull();
  expect(rankTest([1, 1], [1])).toBeNull();
  expect(describeSample([3]).deviation).toBeNaN();
});
