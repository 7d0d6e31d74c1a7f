import { Switch, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";

import { runsSource } from "@/api/run-values";
import { getRuns, type Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { usePageKeys } from "@/components/keys";
import { useRunColors } from "@/components/run-colors";
import { TableSkeleton } from "@/components/table-skeleton";
import { ArtifactPair } from "@/features/artifacts/components/artifact-pair";
import { AddRun } from "@/features/compare/components/add-run";
import { CodeDifference } from "@/features/compare/components/code-difference";
import { DifferenceTab } from "@/features/compare/components/difference-tab";
import { PairChoice } from "@/features/compare/components/pair-choice";
import { ExperimentTitle } from "@/features/experiments/components/experiment-title";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import { CompareTable } from "@/features/runs/components/compare-table";
import { formatPlural } from "@/lib/format";
import { chartedMetrics } from "@/lib/charted-metrics";

import { chartedRun, columnsOf } from "../charted-run";
import { COMPARE_TABS, type CompareSearch, type CompareTab } from "../search-params";
import classes from "./page.module.css";
import { useTabKeys } from "./use-tab-keys";

const route = getRouteApi("/experiments/$experimentId/compare");

export function ComparePage() {
  const { experimentId } = route.useParams();
  const { runs } = route.useSearch();
  const runIds = useMemo(() => (runs === "" ? [] : runs.split(",")), [runs]);
  const query = useQuery(getRuns(experimentId, runIds));

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

const TITLES: Record<CompareTab, string> = {
  values: "Values",
  difference: "Difference",
  charts: "Charts",
  code: "Code and environment",
  artifacts: "Artifacts",
};

function Comparison({ experimentId, runs }: { experimentId: string; runs: readonly Run[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const colors = useRunColors(runs);
  const charted = useMemo(
    () => runs.map((run) => chartedRun(run, colors.get(run.id))),
    [runs, colors],
  );
  const metrics = useMemo(() => chartedMetrics(runs), [runs]);
  const source = useMemo(
    () => ({
      ...runsSource(
        experimentId,
        runs.map((run) => run.id),
      ),
      experimentIds: [...new Set([experimentId, ...runs.map((run) => run.experimentId)])],
    }),
    [experimentId, runs],
  );
  const columns = useMemo(() => columnsOf(runs), [runs]);
  const { tab = "values", path = "" } = search;
  const patch = (change: Partial<CompareSearch>, replace = true) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace });
  const openTab = (next: string | null) => {
    const chosen = COMPARE_TABS.find((one) => one === next);
    patch({ tab: chosen === "values" ? undefined : chosen }, false);
  };
  const leaveOut = (runId: string) =>
    patch(
      {
        runs: search.runs
          .split(",")
          .filter((one) => one !== runId)
          .join(","),
      },
      false,
    );
  const pair = pairOf(runs, search);
  const pairChoice = pair !== null && (
    <PairChoice runs={runs} pair={pair} onPair={(left, right) => patch({ left, right })} />
  );
  useTabKeys(COMPARE_TABS, TITLES, tab, openTab);
  usePageKeys([
    {
      keys: ["D"],
      meaning: "Only differences, or all",
      hotkey: "D",
      run: () => patch({ all: search.all === true ? undefined : true }),
    },
    {
      keys: ["X"],
      meaning: "Exchange the two runs that stand side by side",
      hotkey: "X",
      run: () => pair !== null && patch({ left: pair[1].id, right: pair[0].id }),
    },
    {
      keys: ["U"],
      meaning: "Up to the experiment",
      hotkey: "U",
      run: () => void navigate({ to: "/experiments/$experimentId", params: { experimentId } }),
    },
  ]);
  const onlyDifferences = (
    <Switch
      size="xs"
      className={classes.last ?? ""}
      label="Only differences"
      checked={search.all !== true}
      onChange={(event) => patch({ all: event.currentTarget.checked ? undefined : true })}
    />
  );

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ExperimentTitle experimentId={experimentId} />
        <span className={classes.count}>{formatPlural(runs.length, "run")} compared</span>
        <AddRun onAdd={(runId) => patch({ runs: `${search.runs},${runId}` }, false)} />
        {(tab === "values" || tab === "code") && onlyDifferences}
      </div>
      <Tabs value={tab} onChange={openTab} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList ?? ""}>
          {COMPARE_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {TITLES[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="values" className={classes.tabPanel}>
          <div className={classes.compareBlock}>
            <CompareTable
              runs={runs}
              colors={colors}
              showsAll={search.all === true}
              onLeaveOut={leaveOut}
            />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="difference" className={classes.tabPanel}>
          <div className={classes.compareBlock}>
            <DifferenceTab
              runs={runs}
              choice={{ by: search.by, metric: search.metric, base: search.base }}
              onChoice={patch}
            />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="charts" className={classes.tabPanel}>
          <MetricCharts
            hasHotkey
            runs={charted}
            metrics={metrics}
            source={source}
            columns={columns}
            search={search}
            onSearch={patch}
          />
        </Tabs.Panel>
        <Tabs.Panel value="code" className={classes.tabPanel}>
          <div className={classes.compareBlock}>
            {pairChoice}
            {pair === null ? (
              <OneRun />
            ) : (
              <CodeDifference a={pair[0]} b={pair[1]} showsAll={search.all === true} />
            )}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="artifacts" className={classes.tabPanel}>
          {pair === null ? (
            <OneRun />
          ) : (
            <div className={classes.page}>
              <div className={classes.pairChoice}>{pairChoice}</div>
              <div className={classes.fill}>
                <ArtifactPair
                  a={pair[0]}
                  b={pair[1]}
                  path={path}
                  onPath={(next) => patch({ path: next === "" ? undefined : next }, false)}
                />
              </div>
            </div>
          )}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function OneRun() {
  return <EmptyState title="This takes two runs" hint="Add another one to the comparison." />;
}

/** The runs that the link names, or else the first two. */
function pairOf(
  runs: readonly Run[],
  { left, right }: Pick<CompareSearch, "left" | "right">,
): [Run, Run] | null {
  const a = runs.find((run) => run.id === left) ?? runs[0];
  const b = runs.find((run) => run.id === right) ?? runs.find((run) => run !== a);
  return a === undefined || b === undefined ? null : [a, b];
}
