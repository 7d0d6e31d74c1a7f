import { queryOptions } from "@tanstack/react-query";
import type { Table } from "@uwdata/flechette";

import type { XAxis } from "@/lib/panels";

import { numbersOf, postForTable } from "./arrow";
import { ANYTHING, type Change } from "./events";

export const CHARTS_PATH = "api/1.0/fluvial/metrics/charts";

/** One metric of one run, in buckets of neighbouring points; each is one point where there are few. */
export interface Curve {
  runId: string;
  key: string;
  /** Where each bucket's first and last point are. */
  starts: Float64Array;
  ends: Float64Array;
  /** Of the finite values, NaN where there are none. */
  means: Float64Array;
  minimums: Float64Array;
  maximums: Float64Array;
  /** Of all points, whatever their value. */
  counts: Float64Array;
  nNan: Float64Array;
  nPositiveInfinite: Float64Array;
  nNegativeInfinite: Float64Array;
}

export interface CurveRange {
  x: XAxis;
  /** The metric on the x axis, where `x` is "metric". */
  xMetric: string | null;
  /** Ends in the axis' unit (steps or ms), or null for all. */
  range: readonly [number, number] | null;
  nBuckets: number;
}

export interface CurvesRequest {
  path: string;
  body: object;
}

const MAX_SERIES = 1000;
const MAX_ALL_BUCKETS = 1_000_000;
const MAX_KEPT_SERIES = 20_000;
export const MAX_CURVE_RUNS = 500;

/** Curves of some metrics for some runs. Charts that ask at the same time share requests. */
export function getCurves(
  metrics: readonly string[],
  runIds: readonly string[],
  range: CurveRange,
) {
  return queryOptions({
    queryKey: ["curves", metrics, { runIds }, range],
    enabled: runIds.length > 0 && metrics.length > 0,
    // Live changes say what is stale, and `forgetCurves` drops just that.
    queryFn: () => readCurves(metrics, runIds, range),
  });
}

/** Buckets of a curve that is as small as a word. */
const N_SMALL = 54;

/** Small curves of one metric, without axes, of each run that has it. */
export function getSmallCurves(metric: string, runIds: readonly string[]) {
  return getCurves([metric], runIds, { x: "step", xMetric: null, range: null, nBuckets: N_SMALL });
}

export function countPoints({ counts }: Curve): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The request that a chart's curves come from, for people to read. */
export function curvesRequest(
  metrics: readonly string[],
  runIds: readonly string[],
  range: CurveRange,
): CurvesRequest {
  return { path: CHARTS_PATH, body: requestBody(pairs(metrics, runIds), range) };
}

interface SeriesName {
  runId: string;
  key: string;
}

interface Kept {
  curves: Map<string, Curve>;
  range: CurveRange;
}

/** Curves by what was asked of them, so that a run that is added or moves on is asked for alone. */
const kept = new Map<string, Kept>();
/** How often the curves of a run became stale; answers that were asked for before are not kept. */
let nForgotten = 0;
const forgottenAt = new Map<string, number>();

/** Drops the curves that a change made stale. */
export function forgetCurves(change: Change): void {
  if (change !== ANYTHING && change.kinds.length > 0 && !change.kinds.includes("metrics")) return;
  nForgotten += 1;
  const { run_id: runId } = change;
  if (runId === null) {
    kept.clear();
    forgottenAt.clear();
    forgottenAt.set("", nForgotten);
    return;
  }
  forgottenAt.set(runId, nForgotten);
  for (const { curves } of kept.values()) {
    for (const [name, curve] of curves) if (curve.runId === runId) curves.delete(name);
  }
}

async function readCurves(
  metrics: readonly string[],
  runIds: readonly string[],
  range: CurveRange,
): Promise<Curve[]> {
  const wanted = pairs(metrics, runIds);
  const id = JSON.stringify(range);
  const { curves } = keptFor(id, range);
  const missing = wanted.filter((one) => !curves.has(nameOf(one)));
  const read = missing.length === 0 ? new Map<string, Curve>() : await waitFor(id, range, missing);
  return wanted.flatMap((one) => curves.get(nameOf(one)) ?? read.get(nameOf(one)) ?? []);
}

function keptFor(id: string, range: CurveRange): Kept {
  const found = kept.get(id) ?? { curves: new Map<string, Curve>(), range };
  // What was asked for least lately goes first.
  kept.delete(id);
  kept.set(id, found);
  let nSeries = 0;
  for (const one of kept.values()) nSeries += one.curves.size;
  for (const [oldest, { curves }] of kept) {
    if (nSeries <= MAX_KEPT_SERIES || oldest === id) break;
    nSeries -= curves.size;
    kept.delete(oldest);
  }
  return found;
}

interface Waiting {
  series: Map<string, SeriesName>;
  answer: Promise<Map<string, Curve>>;
}

const waiting = new Map<string, Waiting>();

function waitFor(
  id: string,
  range: CurveRange,
  missing: readonly SeriesName[],
): Promise<Map<string, Curve>> {
  let batch = waiting.get(id);
  if (batch === undefined) {
    const series = new Map<string, SeriesName>();
    const answer = new Promise<Map<string, Curve>>((resolve, reject) => {
      // A task, not a microtask: charts that come into view together render in several of those.
      setTimeout(() => {
        waiting.delete(id);
        send(id, range, [...series.values()]).then(resolve, reject);
      });
    });
    batch = { series, answer };
    waiting.set(id, batch);
  }
  for (const one of missing) batch.series.set(nameOf(one), one);
  return batch.answer;
}

async function send(
  id: string,
  range: CurveRange,
  series: readonly SeriesName[],
): Promise<Map<string, Curve>> {
  const found = new Map<string, Curve>();
  const size = Math.min(MAX_SERIES, Math.floor(MAX_ALL_BUCKETS / range.nBuckets));
  for (let at = 0; at < series.length; at += size) {
    const part = series.slice(at, at + size);
    const askedAt = nForgotten;
    const table = await postForTable(CHARTS_PATH, requestBody(part, range));
    const { curves } = keptFor(id, range);
    for (const curve of parseCurves(table, part)) {
      found.set(nameOf(curve), curve);
      const staleSince = Math.max(forgottenAt.get(curve.runId) ?? 0, forgottenAt.get("") ?? 0);
      if (staleSince <= askedAt) curves.set(nameOf(curve), curve);
    }
  }
  return found;
}

function requestBody(series: readonly SeriesName[], { x, xMetric, range, nBuckets }: CurveRange) {
  return {
    series: series.map(({ runId, key }) => ({ run_id: runId, key })),
    x: x === "elapsed" ? "relative" : x,
    ...(x === "metric" ? { x_key: xMetric ?? "" } : {}),
    ...(range === null ? {} : { start: range[0], end: range[1] }),
    n_buckets: nBuckets,
  };
}

/** Every series that was asked for, those without points too: each is a stretch of the table's rows. */
function parseCurves(table: Table, wanted: readonly SeriesName[]): Curve[] {
  const numbers = numbersOf(table, "series");
  const columns = {
    starts: numbersOf(table, "x_first"),
    ends: numbersOf(table, "x_last"),
    means: numbersOf(table, "mean"),
    minimums: numbersOf(table, "min"),
    maximums: numbersOf(table, "max"),
    counts: numbersOf(table, "count"),
    nNan: numbersOf(table, "n_nan"),
    nPositiveInfinite: numbersOf(table, "n_pos_inf"),
    nNegativeInfinite: numbersOf(table, "n_neg_inf"),
  };
  let start = 0;
  return wanted.map(({ runId, key }, number) => {
    let end = start;
    while (end < numbers.length && numbers[end] === number) end += 1;
    const part = (column: Float64Array) => column.subarray(start, end);
    const curve: Curve = {
      runId,
      key,
      starts: part(columns.starts),
      ends: part(columns.ends),
      means: part(columns.means),
      minimums: part(columns.minimums),
      maximums: part(columns.maximums),
      counts: part(columns.counts),
      nNan: part(columns.nNan),
      nPositiveInfinite: part(columns.nPositiveInfinite),
      nNegativeInfinite: part(columns.nNegativeInfinite),
    };
    start = end;
    return curve;
  });
}

function pairs(metrics: readonly string[], runIds: readonly string[]): SeriesName[] {
  return metrics.flatMap((key) => runIds.map((runId) => ({ runId, key })));
}

function nameOf({ runId, key }: SeriesName): string {
  return `${runId} ${key}`;
}
