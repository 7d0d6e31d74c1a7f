import type { Curve } from "@/api/curves";
import { meanCurve } from "@/lib/curve-groups";
import type { RunColor } from "@/lib/run-colors";
import { quantile } from "@/lib/statistics";
import { smooth } from "@/lib/smoothing";

import type { ChartRun, Scene } from "../define-chart";
import { groupRuns } from "../run-groups";
import type { LineOptions } from ".";

export type MarkKind = "nan" | "above" | "below";

/** A value that no line can show, to be marked at the edge of the plot. */
export interface Mark {
  x: number;
  kind: MarkKind;
}

/** A curve as it is drawn. Arrays have one entry for each bucket; NaN breaks the line. */
export interface Line {
  /** The run's id, or the group's name. */
  id: string;
  label: string;
  metric: string;
  color: RunColor;
  /** Which of the panel's metrics: others than the first are dashed. */
  dash: number;
  x: Float64Array;
  y: Float64Array;
  /** The curve before it was smoothed. */
  raw: Float64Array | null;
  band: { low: Float64Array; high: Float64Array } | null;
  marks: Mark[];
  /** How many points the curve has in the range. */
  nPoints: number;
}

const MOST_BANDS = 12;

/** The curves of runs, or their averages where runs are grouped. */
export function curveLines(
  curves: readonly Curve[],
  { runs, groupColors }: Pick<Scene, "runs" | "groupColors">,
  options: LineOptions,
): Line[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const lines = curves.flatMap((curve): Line[] => {
    const run = byId.get(curve.runId);
    return run === undefined || curve.means.length === 0 ? [] : [lineOf(curve, run, options)];
  });
  const isAveraged = options.average.length > 0;
  const shown = isAveraged ? averages(lines, runs, options, groupColors) : lines;
  const hasBands =
    isAveraged ||
    options.band === "always" ||
    (options.band === "auto" && shown.length <= MOST_BANDS);
  return shown.map((line) => finished(line, options, hasBands));
}

function lineOf(curve: Curve, run: ChartRun, options: LineOptions): Line {
  const { starts, ends, means, minimums, maximums, counts } = curve;
  const x = starts.map((start, at) => (start + (ends[at] ?? start)) / 2);
  const isBucketed = counts.some((count) => count > 1);
  let nPoints = 0;
  for (const count of counts) nPoints += count;
  return {
    id: run.id,
    label: run.name,
    metric: curve.key,
    color: run.color,
    dash: Math.max(0, options.metrics.indexOf(curve.key)),
    x,
    y: means,
    raw: null,
    band: isBucketed ? { low: minimums, high: maximums } : null,
    marks: marksOf(curve, x),
    nPoints,
  };
}

function marksOf(curve: Curve, x: Float64Array): Mark[] {
  const marks: Mark[] = [];
  const add = (counts: Float64Array, kind: MarkKind) => {
    for (let at = 0; at < counts.length; at += 1) {
      // Of a stretch of them, the first says enough.
      if ((counts[at] ?? 0) > 0 && (counts[at - 1] ?? 0) === 0) marks.push({ x: x[at] ?? 0, kind });
    }
  };
  add(curve.nNan, "nan");
  add(curve.nPositiveInfinite, "above");
  add(curve.nNegativeInfinite, "below");
  return marks;
}

function finished(line: Line, { smoothing, smoother }: LineOptions, hasBand: boolean): Line {
  const band = hasBand ? line.band : null;
  if (smoothing <= 0) return { ...line, band };
  return { ...line, band, y: smooth(line.y, smoothing, smoother), raw: line.y };
}

function averages(
  lines: readonly Line[],
  runs: readonly ChartRun[],
  options: LineOptions,
  known: Scene["groupColors"],
): Line[] {
  const ofRun = new Map(
    groupRuns(runs, options.average, known).flatMap((group) =>
      group.runs.map(({ id }) => [id, group] as const),
    ),
  );
  const groups = new Map<
    string,
    { label: string; color: RunColor; metric: string; lines: Line[] }
  >();
  for (const line of lines) {
    const { label, color } = ofRun.get(line.id) ?? { label: line.id, color: line.color };
    const id = `${label}\n${line.metric}`;
    const group = groups.get(id);
    if (group) group.lines.push(line);
    else groups.set(id, { label, color, metric: line.metric, lines: [line] });
  }
  return [...groups.values()].map(({ label, color, metric, lines: members }) => {
    const mean = meanCurve(members, options.spread);
    return {
      id: label,
      label: `${label} (${members.length})`,
      metric,
      color,
      dash: Math.max(0, options.metrics.indexOf(metric)),
      x: mean.x,
      y: mean.y,
      raw: null,
      band: { low: mean.low, high: mean.high },
      marks: members.flatMap(({ marks }) => marks),
      nPoints: members.reduce((sum, { nPoints }) => sum + nPoints, 0),
    };
  });
}

export interface Extent {
  low: number;
  high: number;
}

/** Where the lines begin and end. */
export function xExtent(lines: readonly Line[], isLog: boolean): Extent {
  const extent = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  for (const { x } of lines) {
    // Ascending, so the first that can be shown and the last are enough.
    const first = isLog ? x.find((value) => value > 0) : x[0];
    if (first !== undefined) extent.low = Math.min(extent.low, first);
    extent.high = Math.max(extent.high, x.at(-1) ?? Number.NEGATIVE_INFINITY);
  }
  return extent;
}

const OUTLIER_SHARE = 0.02;

/**
 * The least and the greatest value that is drawn between two places.
 *
 * Without outliers, the lowest and the highest 2 % of the values drawn are left out.
 */
export function yExtent(
  lines: readonly Line[],
  range: Extent,
  { log, clip }: Pick<LineOptions, "log" | "clip">,
): Extent {
  const values: number[] = [];
  const extent = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    if (clip) values.push(value);
    else {
      if (value < extent.low) extent.low = value;
      if (value > extent.high) extent.high = value;
    }
  };
  for (const { x, y, raw, band } of lines) {
    for (let at = 0; at < x.length; at += 1) {
      const place = x[at] ?? 0;
      if (place < range.low || place > range.high) continue;
      take(y[at] ?? Number.NaN);
      if (raw !== null) take(raw[at] ?? Number.NaN);
      if (band !== null) {
        take(band.low[at] ?? Number.NaN);
        take(band.high[at] ?? Number.NaN);
      }
    }
  }
  if (!clip || values.length === 0) return extent;
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, OUTLIER_SHARE), high: quantile(sorted, 1 - OUTLIER_SHARE) };
}

/** The position of the bucket that is nearest to a place, or -1 beyond the line's ends. */
export function nearestAt({ x }: Pick<Line, "x">, place: number): number {
  const n = x.length;
  const [first, last] = [x[0], x[n - 1]];
  if (first === undefined || last === undefined) return -1;
  const reach = n > 1 ? (last - first) / (n - 1) : Number.POSITIVE_INFINITY;
  if (place < first - reach || place > last + reach) return -1;
  let [low, high] = [0, n - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low > 0 && place - (x[low - 1] ?? 0) < (x[low] ?? 0) - place ? low - 1 : low;
}
