import { describe, expect, it } from "vitest";

import type { Series } from "@/api/metrics";

import { stepsBetween, toPlotData } from "./plot-data";

const OPTIONS = { xAxis: "step", smoothing: 0, logScale: false } as const;

function series(
  runId: string,
  steps: number[],
  values: number[],
  more: Partial<Series> = {},
): Series {
  return {
    runId,
    key: "loss",
    nPoints: steps.length,
    isSampled: false,
    steps,
    timestamps: steps.map((step) => 10_000 + step * 1000),
    values,
    minimums: values,
    maximums: values,
    ...more,
  };
}

describe("toPlotData", () => {
  it("puts runs with different steps on one axis", () => {
    const data = toPlotData(
      [series("a", [0, 2], [1, 3]), series("b", [1, 2], [5, 6])],
      new Map(),
      OPTIONS,
    );

    expect(data.x).toEqual([0, 1, 2]);
    expect(data.columns.map((column) => column.cells)).toEqual([
      [1, undefined, 3],
      [undefined, 5, 6],
    ]);
  });

  it("keeps all points of a step that was logged twice", () => {
    const data = toPlotData([series("a", [0, 0, 1], [1, 2, 3])], new Map(), OPTIONS);

    expect([data.x, data.columns[0]?.cells]).toEqual([
      [0, 0, 1],
      [1, 2, 3],
    ]);
  });

  it("breaks the line at NaN and marks it", () => {
    const data = toPlotData([series("a", [0, 1, 2], [1, Number.NaN, 3])], new Map(), OPTIONS);

    expect(data.columns[0]?.cells).toEqual([1, null, 3]);
    expect(data.marks).toEqual([{ runId: "a", x: 1, value: Number.NaN }]);
  });

  it("draws nothing that is not positive on a log scale", () => {
    const data = toPlotData([series("a", [0, 1], [0, 10])], new Map(), {
      ...OPTIONS,
      logScale: true,
    });

    expect(data.columns[0]?.cells).toEqual([null, 10]);
    expect(data.marks).toEqual([]);
  });

  it("adds the envelope of a sampled curve", () => {
    const sampled = series("a", [0], [2], { isSampled: true, minimums: [1], maximums: [9] });
    const data = toPlotData([sampled], new Map(), OPTIONS);

    expect(data.columns.map(({ role, cells }) => [role, cells[0]])).toEqual([
      ["maximum", 9],
      ["minimum", 1],
      ["value", 2],
    ]);
  });

  it("keeps the raw curve beside the smoothed one", () => {
    const data = toPlotData([series("a", [0, 1], [2, 8])], new Map(), {
      ...OPTIONS,
      smoothing: 0.5,
    });

    expect(data.columns.map(({ role, cells }) => [role, cells])).toEqual([
      ["raw", [2, 8]],
      ["value", [2, 6]],
    ]);
  });

  it("counts elapsed time from the start of the run and orders it", () => {
    const resumed = series("a", [0, 1, 2], [1, 2, 3], { timestamps: [12_000, 16_000, 14_000] });
    const data = toPlotData([resumed], new Map([["a", 10_000]]), { ...OPTIONS, xAxis: "elapsed" });

    expect([data.x, data.columns[0]?.cells]).toEqual([
      [2, 4, 6],
      [1, 3, 2],
    ]);
  });
});

describe("stepsBetween", () => {
  const one = series("a", [0, 5, 10], [1, 2, 3]);

  it("finds the steps of a span of time", () => {
    expect(stepsBetween([one], new Map(), "time", { min: 14, max: 30 })).toEqual({
      start: 5,
      end: 10,
    });
  });

  it("finds none between two points", () => {
    expect(stepsBetween([one], new Map(), "step", { min: 6, max: 9 })).toBeNull();
  });
});
