import { queryOptions } from "@tanstack/react-query";

import { post } from "./http";
import { parseNumber } from "./number";
import type { GetMetricSeries, MetricSeries, Series as WireSeries } from "./schema";

/** The points of one metric of one run, thinned out by the server where there are many. */
export interface Series {
  runId: string;
  key: string;
  nPoints: number;
  /** True if each entry stands for several points; minimums and maximums are then their envelope. */
  isSampled: boolean;
  steps: number[];
  /** In ms since the epoch. */
  timestamps: number[];
  values: number[];
  minimums: number[];
  maximums: number[];
}

export interface SeriesRange {
  runIds: readonly string[];
  maxPoints: number;
  /** First and last step, or null for all. */
  steps: { start: number; end: number } | null;
}

export const MAX_SERIES_RUNS = 100;
const MAX_KEYS = 50;

/** The curves of one metric for several runs. Charts that ask at the same time share one request. */
export function getSeries(key: string, range: SeriesRange) {
  const { runIds, maxPoints, steps } = range;
  return queryOptions({
    queryKey: ["series", key, { runIds, maxPoints, steps }],
    enabled: runIds.length > 0,
    queryFn: () => requestSeries(key, range),
  });
}

interface Waiting {
  range: SeriesRange;
  keys: Map<string, { resolve: (series: Series[]) => void; reject: (error: unknown) => void }[]>;
}

const waiting = new Map<string, Waiting>();

function requestSeries(key: string, range: SeriesRange): Promise<Series[]> {
  const id = JSON.stringify(range);
  let batch = waiting.get(id);
  if (!batch) {
    const started: Waiting = { range, keys: new Map() };
    waiting.set(id, started);
    // A task, not a microtask: charts that come into view together render in several of those.
    setTimeout(() => {
      waiting.delete(id);
      void send(started);
    });
    batch = started;
  }
  const { keys } = batch;
  return new Promise((resolve, reject) => {
    keys.set(key, [...(keys.get(key) ?? []), { resolve, reject }]);
  });
}

async function send({ range, keys }: Waiting): Promise<void> {
  const all = [...keys];
  for (let at = 0; at < all.length; at += MAX_KEYS) {
    const part = all.slice(at, at + MAX_KEYS);
    try {
      const answer = await post<MetricSeries>("api/1.0/fluvial/metrics/series", {
        run_ids: [...range.runIds],
        keys: part.map(([key]) => key),
        max_points: range.maxPoints,
        start_step: range.steps?.start,
        end_step: range.steps?.end,
      } satisfies GetMetricSeries);
      const series = (answer.series ?? []).map(parseSeries);
      for (const [key, callers] of part) {
        const own = series.filter((one) => one.key === key);
        for (const { resolve } of callers) resolve(own);
      }
    } catch (error) {
      for (const [, callers] of part) for (const { reject } of callers) reject(error);
    }
  }
}

function parseSeries(series: WireSeries): Series {
  const values = (series.values ?? []).map(parseNumber);
  return {
    runId: series.run_id,
    key: series.key,
    nPoints: series.n_points,
    isSampled: series.is_sampled ?? false,
    steps: series.steps ?? [],
    timestamps: series.timestamps ?? [],
    values,
    minimums: series.minimums?.map(parseNumber) ?? values,
    maximums: series.maximums?.map(parseNumber) ?? values,
  };
}
