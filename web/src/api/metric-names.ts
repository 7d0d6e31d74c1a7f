import { queryOptions } from "@tanstack/react-query";

import type { ChartedMetrics } from "@/lib/charted-metrics";

import { post } from "./http";
import type { ListMetricNames, MetricNames } from "./schema";

/** The metrics that any of some runs has. */
export function getMetricNames(experimentId: string, runIds: readonly string[]) {
  return queryOptions({
    queryKey: ["runs", "metrics", experimentId, { runIds }],
    enabled: runIds.length > 0,
    queryFn: async ({ signal }): Promise<ChartedMetrics> => {
      const wanted: ListMetricNames = { run_ids: [...runIds] };
      const answer = await post<MetricNames>("api/1.0/fluvial/metrics/names", wanted, signal);
      return { keys: answer.names ?? [], curves: new Set(answer.curves) };
    },
  });
}
