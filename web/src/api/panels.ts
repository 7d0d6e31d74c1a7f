import { queryOptions } from "@tanstack/react-query";

import type { PanelData, PanelRun, PanelSeries } from "@/lib/panel-data";
import { isNumberColumn, searchedField } from "@/lib/report-columns";
import type { PanelSpec } from "@/lib/report-text";
import { splitOrder } from "@/lib/table-order";

import { get, post } from "./http";
import { parseNumber } from "./number";
import { readGroups } from "./run-groups";
import { readColumnNames, readTable, type TableRequest, type TableRow } from "./run-rows";
import { runsSource, type RunsSource } from "./run-values";
import type { RunColumns } from "./runs";
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
  const { experiment, filter, order, limit, chart, metric, group } = spec;
  return queryOptions({
    queryKey: ["panels", { experiment, filter, order, limit, chart, metric, group }],
    queryFn: async ({ signal }): Promise<PanelData> => {
      if (chart === "table" && group.length > 0) return groupedPanel(spec, signal);
      const page = await post<RunsPage>(
        "api/2.0/mlflow/runs/search",
        {
          experiment_ids: [await experimentId(experiment, signal)],
          filter,
          order_by: order,
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

/** The runs that a chart of a report is about, with some fields of text, and what they logged. */
export interface PanelScene {
  source: RunsSource;
  rows: TableRow[];
  columns: RunColumns;
}

const MOST_ROWS = 200;
const NO_COLUMNS = { params: [], metrics: [], tags: [] };

/** @param fields Params and tags that name groups of the runs. */
export function getPanelScene(spec: PanelSpec, fields: readonly string[]) {
  const { experiment, filter, order, limit, chart } = spec;
  return queryOptions({
    queryKey: ["panels", "scene", { experiment, filter, order, limit, chart, fields }],
    queryFn: async ({ signal }): Promise<PanelScene> => {
      if (experiment === "") {
        const source: RunsSource = {
          experimentIds: [],
          filter,
          orderBy: order,
          viewType: "ACTIVE_ONLY",
        };
        return { source, rows: [], columns: NO_COLUMNS };
      }
      const id = await experimentId(experiment, signal);
      const request: TableRequest = {
        experimentIds: [id],
        filter,
        order,
        viewType: "ACTIVE_ONLY",
        isNested: false,
        isOpen: false,
        toggled: [],
      };
      const [{ rows }, columns] = await Promise.all([
        readTable(request, fields, 0, limit === 0 ? MOST_ROWS : limit, signal),
        readColumnNames([id], "", null, signal),
      ]);
      const source: RunsSource =
        limit === 0
          ? { experimentIds: [id], filter, orderBy: order, viewType: "ACTIVE_ONLY" }
          : runsSource(
              id,
              rows.map((row) => row.id),
            );
      return { source, rows, columns };
    },
  });
}

/** Means of the numbers among the columns, over the runs of each group. */
async function groupedPanel(
  { experiment, filter, order, limit, columns, group }: PanelSpec,
  signal: AbortSignal,
): Promise<PanelData> {
  const [field, direction] = splitOrder(order[0] ?? "");
  const answer = await readGroups(
    {
      experimentIds: [await experimentId(experiment, signal)],
      filter,
      viewType: "ACTIVE_ONLY",
      groupBy: group,
      numbers: columns.filter(isNumberColumn).map(searchedField),
      sort: field === "" ? null : { field, isDescending: direction === "DESC" },
    },
    signal,
  );
  return { runs: [], series: [], groups: answer.groups.slice(0, limit) };
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
