import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";

import { runsSource } from "@/api/run-values";
import { getRun, type Run } from "@/api/runs";
import { usePageKeys } from "@/components/keys";
import { useRunColors } from "@/components/run-colors";
import { TableSkeleton } from "@/components/table-skeleton";
import { ArtifactBrowser } from "@/features/artifacts/components/artifact-browser";
import { CodeTab } from "@/features/code/components/code-tab";
import { ConsoleView } from "@/features/console/components/console-view";
import { LineageTab } from "@/features/lineage/components/lineage-tab";
import { MediaGallery } from "@/features/media/components/media-gallery";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import { SystemCharts } from "@/features/metrics/components/system-charts";
import { RunHeader } from "@/features/runs/components/run-header";
import { RunOverview } from "@/features/runs/components/run-overview";
import { chartedMetrics } from "@/lib/charted-metrics";
import { isSystemMetric } from "@/lib/metric-groups";

import { chartedRun, columnsOf } from "../charted-run";
import { usePageTitle } from "../page-title";
import { RUN_TABS, type RunSearch, type RunTab } from "../search-params";
import { PageError } from "../page-error";
import classes from "./page.module.css";
import { useTabKeys } from "./use-tab-keys";

const route = getRouteApi("/experiments/$experimentId/runs/$runId");
const TITLES: Record<RunTab, string> = {
  overview: "Overview",
  charts: "Charts",
  system: "System",
  console: "Console",
  media: "Media",
  artifacts: "Artifacts",
  code: "Code",
  lineage: "Lineage",
};

/** Machines are followed by the clock, not by training steps. */
const SYSTEM_OPTIONS = { x: "elapsed" } as const;

export function RunPage() {
  const { experimentId, runId } = route.useParams();
  const query = useQuery(getRun(runId));
  usePageTitle(query.data?.name ?? "Run");
  // A link stays right when its run is moved.
  const navigate = route.useNavigate();
  const movedTo = query.data === undefined ? experimentId : query.data.experimentId;
  useEffect(() => {
    if (movedTo !== experimentId) {
      void navigate({ params: { experimentId: movedTo, runId }, search: true, replace: true });
    }
  }, [movedTo, experimentId, runId, navigate]);

  if (query.isPending) return <TableSkeleton rows={8} />;
  if (query.isError) {
    return (
      <PageError
        error={query.error}
        missing="No such run"
        elsewhere={<Link to="/experiments">All experiments</Link>}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <LoadedRun run={query.data} />;
}

function LoadedRun({ run }: { run: Run }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { tab = "overview", path = "" } = search;
  const { id, startTime } = run;
  const color = useRunColors(useMemo(() => [{ id, startTime }], [id, startTime])).get(id);
  const charted = useMemo(() => [chartedRun(run, color)], [run, color]);
  const metrics = useMemo(() => chartedMetrics([run]), [run]);
  const nCharted = metrics.keys.filter((key) => !isSystemMetric(key)).length;
  const source = useMemo(() => runsSource(run.experimentId, [run.id]), [run.experimentId, run.id]);
  const columns = useMemo(() => columnsOf([run]), [run]);

  const patch = (change: RunSearch, replace = true) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace });
  const openTab = (next: string | null) => {
    const chosen = RUN_TABS.find((one) => one === next);
    patch({ tab: chosen === "overview" ? undefined : chosen }, false);
  };

  useTabKeys(RUN_TABS, TITLES, tab, openTab);
  usePageKeys([
    {
      keys: ["U"],
      meaning: "Up to the experiment",
      hotkey: "U",
      run: () =>
        void navigate({
          to: "/experiments/$experimentId",
          params: { experimentId: run.experimentId },
        }),
    },
  ]);
  const openArtifact = (next: string) => patch({ tab: "artifacts", path: next }, false);

  return (
    <div className={classes.page}>
      <RunHeader run={run} color={color} />
      <Tabs value={tab} onChange={openTab} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList ?? ""}>
          {RUN_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {TITLES[one]}
              {one === "charts" && nCharted > 0 && (
                <span className={classes.tabCount}>{nCharted}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" className={classes.tabPanel}>
          <RunOverview run={run} onOpenArtifact={openArtifact} />
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
        <Tabs.Panel value="system" className={classes.tabPanel}>
          <SystemCharts
            runs={charted}
            keys={metrics.keys}
            options={SYSTEM_OPTIONS}
            host={search.host}
            onHost={(host) => patch({ host: host === "" ? undefined : host })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="console" className={classes.tabPanel}>
          <ConsoleView
            runId={run.id}
            isRunning={run.status === "RUNNING"}
            search={search.console ?? ""}
            stream={search.stream}
            onSearch={(text) => patch({ console: text === "" ? undefined : text })}
            onStream={(stream) => patch({ stream })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="media" className={classes.tabPanel}>
          <MediaGallery runId={run.id} />
        </Tabs.Panel>
        <Tabs.Panel value="artifacts" className={classes.tabPanel}>
          <ArtifactBrowser
            run={run}
            path={path}
            onPath={(next) => patch({ path: next === "" ? undefined : next }, false)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="code" className={classes.tabPanel}>
          <CodeTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage" className={classes.tabPanel}>
          <LineageTab
            run={run}
            onOpenRun={(target) =>
              void navigate({ to: "/experiments/$experimentId/runs/$runId", params: target })
            }
            onOpenArtifact={openArtifact}
          />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
