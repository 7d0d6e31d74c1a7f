import { expect, it } from "vitest";

import {
  differenceOf,
  formatP,
  groupingFields,
  groupRuns,
  leastRankP,
  statementOf,
} from "./run-difference";

const run = (lr: string, seed: string, accuracy: number) => ({
  params: { lr, seed },
  tags: { "mlflow.user": seed },
  metrics: { accuracy: { value: accuracy } },
});
const RUNS = [
  ...[0.81, 0.79, 0.84, 0.8, 0.83].map((value, at) => run("0.1", String(at), value)),
  ...[0.76, 0.78, 0.75, 0.8, 0.77].map((value, at) => run("0.05", String(at), value)),
];

it("offers what repeats over seeds before the seeds", () => {
  expect(groupingFields(RUNS)).toEqual(["params.lr", "params.seed"]);
});

it("says the difference with its interval", () => {
  const [first, second] = groupRuns(RUNS, "params.lr", "accuracy");
  const difference = differenceOf(first!, second!);

  expect(statementOf(difference, "accuracy", ["lr 0.1", "lr 0.05"])).toBe(
    "With lr 0.05, accuracy is 0.042 lower on average than with lr 0.1: the 95 % confidence interval " +
      "of the difference is −0.0712 to −0.0128. The interval leaves out 0: chance alone would seldom " +
      "give so much.",
  );
});

it("leaves out runs without a finite value, and counts them", () => {
  const groups = groupRuns([...RUNS, run("0.1", "9", Number.NaN)], "params.lr", "accuracy");

  expect(groups.map(({ values, nLeftOut }) => [values.length, nLeftOut])).toEqual([
    [5, 1],
    [5, 0],
  ]);
});

it("does not pretend to know where one run stands alone", () => {
  const [first, second] = groupRuns([RUNS[0]!, RUNS[5]!], "params.lr", "accuracy");

  expect(statementOf(differenceOf(first!, second!), "accuracy", ["a", "b"])).toMatch(
    /it takes at least two runs of each/,
  );
});

it("knows how small a p few runs can give", () => {
  expect(leastRankP(3, 3)).toBeCloseTo(0.1, 12);
  expect(formatP(0.010_618)).toBe("0.011");
  expect(formatP(1e-9)).toBe("under 0.0001");
});
