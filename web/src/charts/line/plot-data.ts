import type { Series } from "@/api/metrics";
import { smooth } from "@/lib/smoothing";

export type XAxis = "step" | "time" | "elapsed";

export interface LineOptions {
  xAxis: XAxis;
  /** Weight of the past, 0 to below 1. */
  smoothing: number;
  logScale: boolean;
}

type Cell = number | null | undefined;
type Role = "value" | "raw" | "minimum" | "maximum";

export interface PlotColumn {
  runId: string;
  role: Role;
  cells: Cell[];
}

/** A value that no line can show, to be marked at the edge of the plot. */
export interface PlotMark {
  runId: string;
  x: number;
  value: number;
}

export interface PlotData {
  /** Steps, or seconds (since the epoch, or since the run's start). Not descending. */
  x: number[];
  columns: PlotColumn[];
  marks: PlotMark[];
}

interface Line {
  runId: string;
  x: number[];
  columns: { role: Role; cells: (number | null)[] }[];
}

/**
 * Puts the curves of several runs on one x axis, as one table for the plot.
 *
 * A cell is undefined where a curve has no point at that x (the line goes on through it), and null
 * where its value is not finite or, on a log scale, not positive (the line breaks).
 *
 * @param startTimes When each run started, ms since the epoch.
 */
export function toPlotData(
  series: readonly Series[],
  startTimes: ReadonlyMap<string, number>,
  options: LineOptions,
): PlotData {
  const marks: PlotMark[] = [];
  const lines = series
    .filter((one) => one.steps.length > 0)
    .map((one) => toLine(one, startTimes.get(one.runId) ?? 0, options, marks));
  return { ...align(lines), marks };
}

/** Which steps lie between two places on the x axis, or null if none do. */
export function stepsBetween(
  series: readonly Series[],
  startTimes: ReadonlyMap<string, number>,
  xAxis: XAxis,
  range: { min: number; max: number },
): { start: number; end: number } | null {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const one of series) {
    const startTime = startTimes.get(one.runId) ?? 0;
    for (let at = 0; at < one.steps.length; at += 1) {
      const x = xOf(one, at, startTime, xAxis);
      if (x < range.min || x > range.max) continue;
      const step = one.steps[at] ?? 0;
      start = Math.min(start, step);
      end = Math.max(end, step);
    }
  }
  return start <= end ? { start, end } : null;
}

function xOf(series: Series, at: number, startTime: number, xAxis: XAxis): number {
  if (xAxis === "step") return series.steps[at] ?? 0;
  const time = series.timestamps[at] ?? 0;
  return (xAxis === "time" ? time : time - startTime) / 1000;
}

function toLine(series: Series, startTime: number, options: LineOptions, marks: PlotMark[]): Line {
  const order = series.steps.map((_, at) => at);
  const x = order.map((at) => xOf(series, at, startTime, options.xAxis));
  // Steps come in order; the times of a resumed run may not.
  order.sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  const pick = (values: readonly number[]) =>
    order.map((at) => drawable(values[at] ?? Number.NaN, options.logScale));

  const values = pick(series.values);
  order.forEach((at, row) => {
    const value = series.values[at] ?? Number.NaN;
    if (values[row] === null && !Number.isFinite(value)) {
      marks.push({ runId: series.runId, x: x[at] ?? 0, value });
    }
  });
  const columns: Line["columns"] = [];
  if (series.isSampled) {
    columns.push({ role: "maximum", cells: pick(series.maximums) });
    columns.push({ role: "minimum", cells: pick(series.minimums) });
  }
  if (options.smoothing > 0) {
    columns.push({ role: "raw", cells: values });
    columns.push({ role: "value", cells: smooth(values, options.smoothing) });
  } else {
    columns.push({ role: "value", cells: values });
  }
  return { runId: series.runId, x: order.map((at) => x[at] ?? 0), columns };
}

function drawable(value: number, isLog: boolean): number | null {
  return Number.isFinite(value) && !(isLog && value <= 0) ? value : null;
}

/** Merges the lines' x values; a value that one line has twice is there twice. */
function align(lines: readonly Line[]): { x: number[]; columns: PlotColumn[] } {
  const x: number[] = [];
  const columns = lines.map((line) =>
    line.columns.map(({ role }): PlotColumn => ({ runId: line.runId, role, cells: [] })),
  );
  const at = lines.map(() => 0);
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    lines.forEach((line, index) => {
      next = Math.min(next, line.x[at[index] ?? 0] ?? Number.POSITIVE_INFINITY);
    });
    if (next === Number.POSITIVE_INFINITY) break;
    x.push(next);
    lines.forEach((line, index) => {
      const row = at[index] ?? 0;
      const isHere = line.x[row] === next;
      line.columns.forEach((column, part) => {
        columns[index]?.[part]?.cells.push(isHere ? column.cells[row] : undefined);
      });
      if (isHere) at[index] = row + 1;
    });
  }
  return { x, columns: columns.flat() };
}
