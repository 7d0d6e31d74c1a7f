import { expect, it } from "vitest";

import { boxSummary, density, pearson, quantile, ranks, spearman, tQuantile } from "./statistics";

it("finds quantiles between neighbours", () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([
    1, 1.75, 2.5, 4,
  ]);
});

it("puts what is beyond the whiskers aside", () => {
  const box = boxSummary([1, 2, 3, 4, 100]);

  expect(box).toMatchObject({ n: 5, low: 1, median: 3, high: 4, outliers: [100] });
});

it("has a density that sums to one", () => {
  const places = Array.from({ length: 400 }, (_, at) => -10 + at / 20);
  const sum = density([-1, 0, 0, 1, 2], places).reduce((total, value) => total + value / 20, 0);

  expect(sum).toBeCloseTo(1, 2);
});

it("lets equal values share a rank", () => {
  expect([...ranks([10, 5, 10, 1])]).toEqual([3.5, 2, 3.5, 1]);
});

it("tells linear from monotonic relations", () => {
  const x = [1, 2, 3, 4, 5];
  const cubes = x.map((value) => value ** 3);

  expect(spearman(x, cubes)).toBeCloseTo(1);
  expect(pearson(x, cubes)).toBeLessThan(0.97);
  expect(pearson(x, [1, 1, 1, 1, 1])).toBeNaN();
});

it("has the quantiles of Student's table", () => {
  const table: [number, number][] = [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [100, 1.984],
  ];
  for (const [degrees, expected] of table) {
    expect(tQuantile(0.975, degrees) / expected).toBeCloseTo(1, 2);
  }
});
