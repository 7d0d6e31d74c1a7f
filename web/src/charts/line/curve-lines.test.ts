import { describe, expect, it } from "vitest";

import type { Curve } from "@/api/curves";

import { line as chart, type LineOptions } from ".";
import { curveLines, nearestAt, xExtent, yExtent } from "./curve-lines";

const OPTIONS: LineOptions = { ...chart.defaults, metrics: ["loss"] };
const of = (...values: number[]) => Float64Array.from(values);
const RUNS = ["a", "b", "c"].map((id, index) => ({
  id,
  name: `run ${id}`,
  startTime: index,
  color: { index, round: 0 },
  textOf: () => (id === "c" ? "large" : "small"),
}));

function curve(runId: string, values: number[], more: Partial<Curve> = {}): Curve {
  const finite = Float64Array.from(values, (value) =>
    Number.isFinite(value) ? value : Number.NaN,
  );
  const count = (matches: (value: number) => boolean) =>
    Float64Array.from(values, (value) => Number(matches(value)));
  return {
    runId,
    key: "loss",
    starts: Float64Array.from(values.keys()),
    ends: Float64Array.from(values.keys()),
    means: finite,
    minimums: finite,
    maximums: finite,
    counts: Float64Array.from(values, () => 1),
    nNan: count(Number.isNaN),
    nPositiveInfinite: count((value) => value === Number.POSITIVE_INFINITY),
    nNegativeInfinite: count((value) => value === Number.NEGATIVE_INFINITY),
    ...more,
  };
}

describe("curveLines", () => {
  it("breaks the line at what is not finite and marks it", () => {
    const [line] = curveLines(
      [curve("a", [1, Number.NaN, Number.POSITIVE_INFINITY, 2])],
      { runs: RUNS },
      OPTIONS,
    );

    expect([...(line?.y ?? [])]).toEqual([1, Number.NaN, Number.NaN, 2]);
    expect(line?.marks).toEqual([
      { x: 1, kind: "nan" },
      { x: 2, kind: "above" },
    ]);
  });

  it("bands a curve only where a bucket stands for several points", () => {
    const bucketed = curve("b", [2], {
      counts: of(9),
      minimums: of(1),
      maximums: of(5),
      ends: of(8),
    });
    const [single, several] = curveLines([curve("a", [1]), bucketed], { runs: RUNS }, OPTIONS);

    expect(single?.band).toBeNull();
    expect([several?.x[0], several?.band?.low[0], several?.band?.high[0]]).toEqual([4, 1, 5]);
  });

  it("keeps the raw curve beside the smoothed one", () => {
    const [line] = curveLines([curve("a", [2, 8])], { runs: RUNS }, { ...OPTIONS, smoothing: 0.5 });

    expect([[...(line?.y ?? [])], [...(line?.raw ?? [])]]).toEqual([
      [2, 6],
      [2, 8],
    ]);
  });

  it("averages runs that share a field", () => {
    const lines = curveLines(
      [curve("a", [1, 1]), curve("b", [3, 3]), curve("c", [9, 9])],
      { runs: RUNS },
      {
        ...OPTIONS,
        average: ["params.size"],
      },
    );

    expect(lines.map(({ label, y }) => [label, y[0]])).toEqual([
      ["small (2)", 2],
      ["large (1)", 9],
    ]);
    expect(lines[0]?.color).not.toEqual(lines[1]?.color);
  });

  it("gives groups the colours that they have elsewhere", () => {
    const groupColors = new Map([["large", { index: 7, round: 0 }]]);
    const lines = curveLines(
      [curve("c", [9, 9])],
      { runs: RUNS, groupColors },
      { ...OPTIONS, average: ["params.size"] },
    );

    expect(lines[0]?.color).toEqual({ index: 7, round: 0 });
  });

  it("leaves out runs that have no point", () => {
    expect(curveLines([curve("a", [])], { runs: RUNS }, OPTIONS)).toEqual([]);
  });
});

describe("extents", () => {
  const lines = curveLines([curve("a", [0, 1, 100, 3])], { runs: RUNS }, OPTIONS);

  it("are of what is in the range", () => {
    expect(xExtent(lines, false)).toEqual({ low: 0, high: 3 });
    expect(yExtent(lines, { low: 0, high: 1 }, OPTIONS)).toEqual({ low: 0, high: 1 });
  });

  it("begin above zero on log axes", () => {
    expect(xExtent(lines, true).low).toBe(1);
    expect(yExtent(lines, { low: 0, high: 3 }, { log: true, clip: false }).low).toBe(1);
  });

  it("leave outliers out", () => {
    const noisy = Array.from({ length: 100 }, (_, at) => (at === 50 ? 1e9 : at % 7));
    const extent = yExtent(
      curveLines([curve("a", noisy)], { runs: RUNS }, OPTIONS),
      { low: 0, high: 99 },
      { log: false, clip: true },
    );

    expect(extent).toEqual({ low: 0, high: 6 });
  });
});

it("finds the point nearest to the pointer, and none beyond the line", () => {
  const x = of(0, 10, 20);

  expect([-100, -1, 4, 6, 19, 100].map((place) => nearestAt({ x }, place))).toEqual([
    -1, 0, 0, 1, 2, -1,
  ]);
});
