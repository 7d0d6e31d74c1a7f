import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { RunsSource } from "@/api/run-values";
import { getMetricNames } from "@/api/metric-names";
import { getRuns, type RunColumns } from "@/api/runs";
import type { TableRequest, TableRow } from "@/api/run-rows";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import type { RunColor } from "@/lib/run-colors";

import { chartedRow, chartedRun } from "../charted-run";
import type { RunsSearch } from "../search-params";

interface RunsChartsProps {
  request: TableRequest;
  keys: RunColumns;
  /** The runs to draw: the selected ones, else the first of the table. */
  charted: readonly TableRow[];
  colors: ReadonlyMap<string, RunColor>;
  /** True if there are more runs to draw than are drawn, and nobody chose these. */
  isCut: boolean;
  search: RunsSearch;
  patch: (change: RunsSearch) => void;
  onOpenRun: (runId: string) => void;
}

const NO_METRICS = { keys: [], curves: new Set<string>() };

/** The charts beside the table. */
export function RunsCharts(props: RunsChartsProps) {
  const { request, keys, charted, colors, isCut, search, patch, onOpenRun } = props;
  const { experimentIds, filter, order, viewType } = request;
  const onSelect = useCallback(
    (runIds: readonly string[]) =>
      patch({ selected: runIds.length === 0 ? undefined : runIds, all: undefined }),
    [patch],
  );
  const experiments = experimentIds.join(",");
  const runIds = useMemo(() => charted.map((row) => row.id), [charted]);
  const metrics = useQuery({
    ...getMetricNames(experiments, runIds),
    placeholderData: keepPreviousData,
  }).data;
  // All that a run logged is much, and only its group is read of it.
  const logged = useQuery({
    ...getRuns(experiments, runIds),
    enabled: search.average !== undefined && runIds.length > 0,
  }).data;
  const runs = useMemo(() => {
    const known = new Map((logged ?? []).map((run) => [run.id, run]));
    return charted.map((row) => {
      const run = known.get(row.id);
      const color = colors.get(row.id);
      return run === undefined ? chartedRow(row, color) : chartedRun(run, color);
    });
  }, [charted, logged, colors]);
  const source = useMemo(
    (): RunsSource => ({ experimentIds, filter, orderBy: order, viewType }),
    [experimentIds, filter, order, viewType],
  );

  return (
    <MetricCharts
      runs={runs}
      metrics={metrics ?? NO_METRICS}
      source={source}
      columns={keys}
      search={search}
      onSearch={patch}
      onSelect={onSelect}
      onOpenRun={onOpenRun}
      {...(isCut
        ? { hint: `The first ${charted.length} runs of the table. Select runs to choose.` }
        : {})}
    />
  );
}
