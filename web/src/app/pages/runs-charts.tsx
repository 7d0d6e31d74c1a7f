import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { RunsSource } from "@/api/run-values";
import { getRuns, type RunColumns } from "@/api/runs";
import type { TableRequest, TableRow } from "@/api/run-table";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import { chartedMetrics } from "@/lib/charted-metrics";
import type { RunColor } from "@/lib/run-colors";

import { chartedRun } from "../charted-run";
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

/** The charts beside the table. */
export function RunsCharts(props: RunsChartsProps) {
  const { request, keys, charted, colors, isCut, search, patch, onOpenRun } = props;
  const { experimentIds, filter, order, viewType } = request;
  const onSelect = useCallback(
    (runIds: readonly string[]) =>
      patch({ selected: runIds.length === 0 ? undefined : runIds, all: undefined }),
    [patch],
  );
  const measured = useQuery(
    getRuns(
      experimentIds.join(","),
      charted.map((row) => row.id),
    ),
  ).data;
  const runs = useMemo(
    () => (measured ?? []).map((run) => chartedRun(run, colors.get(run.id))),
    [measured, colors],
  );
  const metrics = useMemo(() => chartedMetrics(measured ?? []), [measured]);
  const source = useMemo(
    (): RunsSource => ({ experimentIds, filter, orderBy: order, viewType }),
    [experimentIds, filter, order, viewType],
  );

  return (
    <MetricCharts
      runs={runs}
      metrics={metrics}
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
