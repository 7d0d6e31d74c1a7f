import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";

import { runsSource } from "@/api/run-values";
import { getRuns, type Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { ExperimentTitle } from "@/features/experiments/components/experiment-title";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import { CompareTable } from "@/features/runs/components/compare-table";
import { formatPlural } from "@/lib/format";
import { chartedMetrics } from "@/lib/charted-metrics";
import { assignRunColors } from "@/lib/run-colors";

import { chartedRun, columnsOf } from "../charted-run";
import { useLiveUpdates } from "../live";
import type { CompareSearch } from "../search-params";
import classes from "./page.module.css";

const route = getRouteApi("/experiments/$experimentId/compare");

export function ComparePage() {
  const { experimentId } = route.useParams();
  const { runs } = route.useSearch();
  const runIds = useMemo(() => (runs === "" ? [] : runs.split(",")), [runs]);
  const query = useQuery(getRuns(experimentId, runIds));
  useLiveUpdates(experimentId);

  if (runIds.length === 0) return <NoRuns />;
  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) return <NoRuns />;
  return <Comparison experimentId={experimentId} runs={query.data} />;
}

function NoRuns() {
  return (
    <EmptyState title="No runs to compare" hint="Select runs in the table of an experiment." />
  );
}

function Comparison({ experimentId, runs }: { experimentId: string; runs: readonly Run[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const colors = useMemo(() => assignRunColors(runs), [runs]);
  const charted = useMemo(
    () => runs.map((run) => chartedRun(run, colors.get(run.id))),
    [runs, colors],
  );
  const metrics = useMemo(() => chartedMetrics(runs), [runs]);
  const source = useMemo(
    () =>
      runsSource(
        experimentId,
        runs.map((run) => run.id),
      ),
    [experimentId, runs],
  );
  const columns = useMemo(() => columnsOf(runs), [runs]);
  const patch = (change: Partial<CompareSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <div className={classes.compare}>
      <div className={classes.bar}>
        <ExperimentTitle experimentId={experimentId} />
        <span className={classes.count}>{formatPlural(runs.length, "run")} compared</span>
        <Switch
          size="xs"
          className={classes.last}
          label="Only differences"
          checked={search.all !== true}
          onChange={(event) => patch({ all: event.currentTarget.checked ? undefined : true })}
        />
      </div>
      <div className={classes.compareBlock}>
        <CompareTable runs={runs} colors={colors} showsAll={search.all === true} />
      </div>
      <MetricCharts
        hasHotkey
        runs={charted}
        metrics={metrics}
        source={source}
        columns={columns}
        search={search}
        onSearch={patch}
      />
    </div>
  );
}
