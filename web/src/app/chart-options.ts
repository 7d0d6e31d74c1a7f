import { line } from "@/charts/line";
import type { LineOptions } from "@/charts/line/plot-data";

import type { ChartSearch } from "./search-params";

/** The options of the charts that a link holds. */
export function chartOptions(search: ChartSearch): LineOptions {
  return {
    xAxis: search.x ?? line.defaults.xAxis,
    smoothing: search.smoothing ?? line.defaults.smoothing,
    logScale: search.log ?? line.defaults.logScale,
  };
}

/** What a link must say so that it restores the changed options. */
export function patchOptions({ xAxis, smoothing, logScale }: Partial<LineOptions>): ChartSearch {
  return {
    ...(xAxis === undefined ? {} : { x: xAxis === line.defaults.xAxis ? undefined : xAxis }),
    ...(smoothing === undefined ? {} : { smoothing: smoothing === 0 ? undefined : smoothing }),
    ...(logScale === undefined ? {} : { log: logScale || undefined }),
  };
}
