import { queryOptions } from "@tanstack/react-query";

import type { PanelData, PanelRun, PanelSeries } from "@/lib/panel-data";
import type { PanelSpec } from "@/lib/report-text";

import { get, post } from "./http";
import { parseNumber } from "./number";
import type {
  GetMetricSeries,
  MetricSeries,
  OneExperiment,
  Run as WireRun,
  RunsPage,
  SearchRuns,
} from "./schema";

const MAX_POINTS = 400;

/** What a panel of a report shows now. */
export function getPanel(spec: PanelSpec) {
  const { experiment, filter, order, limit, chart, metric } = spec;
  return queryOptions({
    queryKey: ["panels", { experiment, filter, order, limit, chart, metric }],
    queryFn: async ({ signal }): Promise<PanelData> => {
      const page = await post<RunsPage>(
        "api/2.0/mlflow/runs/search",
        {
          experiment_ids: [await experimentId(experiment, signal)],
          filter,
          order_by: order === "" ? [] : [order],
          max_results: limit,
        } satisfies SearchRuns,
        signal,
      );
      const runs = (page.runs ?? []).map(parseRun);
      const runIds = runs.map(({ id }) => id);
      const isCurves = chart === "line" && runIds.length > 0;
      return { runs, series: isCurves ? await series(runIds, metric, signal) : [] };
    },
  });
}

async function experimentId(named: string, signal: AbortSignal): Promise<string> {
  if (/^\d+$/.test(named)) return named;
  const query = { experiment_name: named };
  const path = "api/2.0/mlflow/experiments/get-by-name";
  return (await get<OneExperiment>(path, query, signal)).experiment.experiment_id;
}

async function series(
  runIds: string[],
  metric: string,
  signal: AbortSignal,
): Promise<PanelSeries[]> {
  const answer = await post<MetricSeries>(
    "api/1.0/fluvial/metrics/series",
    { run_ids: runIds, keys: [metric], max_points: MAX_POINTS } satisfies GetMetricSeries,
    signal,
  );
  return (answer.series ?? []).map((one) => ({
    runId: one.run_id,
    steps: one.steps ?? [],
    timestamps: one.timestamps ?? [],
    values: (one.values ?? []).map(parseNumber),
  }));
}

function parseRun({ info, data }: WireRun): PanelRun {
  return {
    id: info.run_id,
    name: info.run_name ?? info.run_id,
    experimentId: info.experiment_id,
    status: info.status,
    startTime: info.start_time ?? 0,
    endTime: info.end_time ?? null,
    params: Object.fromEntries((data.params ?? []).map(({ key, value }) => [key, value ?? ""])),
    metrics: Object.fromEntries(
      (data.metrics ?? []).map(({ key, value }) => [key, parseNumber(value)]),
    ),
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value ?? ""])),
  };
}
