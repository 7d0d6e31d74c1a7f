import { Button, SegmentedControl, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconBinaryTree, IconChartLine } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { getExperiment } from "@/api/experiments";
import { ApiError } from "@/api/http";
import { createReport } from "@/api/reports";
import type { RunsSource } from "@/api/run-values";
import { countRuns, getRunColumns, type Run, type RunColumns } from "@/api/runs";
import { usePageKeys, useShownKeys } from "@/components/keys";
import { notifyError } from "@/components/notify";
import { SplitPane } from "@/components/split-pane";
import { ExperimentTitle } from "@/features/experiments/components/experiment-title";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import { ColumnChooser } from "@/features/runs/components/column-chooser";
import { FilterBar } from "@/features/runs/components/filter-bar";
import { RunsTable } from "@/features/runs/components/runs-table";
import { SelectionBar } from "@/features/runs/components/selection-bar";
import { useRunList } from "@/features/runs/use-run-list";
import { ViewsMenu } from "@/features/views/components/views-menu";
import { formatPlural } from "@/lib/format";
import { chartedMetrics } from "@/lib/charted-metrics";
import { assignRunColors, N_RUN_COLORS, type RunColor } from "@/lib/run-colors";
import { allColumns, decodeColumns, defaultColumns, encodeColumns } from "@/lib/run-columns";
import { viewState } from "@/lib/view-state";

import { chartedRun } from "../charted-run";
import { exportPage } from "../export-page";
import { useLiveUpdates } from "../live";
import type { RunsSearch } from "../search-params";
import { searchOfView, useSavedView } from "../use-saved-view";
import classes from "./page.module.css";

const route = getRouteApi("/experiments/$experimentId");
const GRID_KEYS = [
  { keys: ["↑", "↓"], meaning: "Move from run to run" },
  { keys: ["Enter"], meaning: "Open the run" },
  { keys: ["Space"], meaning: "Select the run for comparison" },
  { keys: ["←", "→"], meaning: "Hide or show nested runs" },
];
const NO_KEYS = { params: [], metrics: [], tags: [] };

export function RunsPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isWide = useMediaQuery("(min-width: 1000px)", undefined, {
    getInitialValueInEffect: false,
  });
  useLiveUpdates(experimentId);

  const { filter = "", order = "", view, flat: isFlat = false } = search;
  const showsCharts = search.charts ?? isWide;
  const isDeletedView = view === "deleted";
  const viewType = isDeletedView ? "DELETED_ONLY" : "ACTIVE_ONLY";

  const list = useRunList({ experimentId, filter, orderBy: order, viewType, isFlat });
  const keys = useQuery(getRunColumns(experimentId)).data;
  const count = useQuery(countRuns({ experimentId, filter, viewType })).data;

  const columns = useMemo(
    () =>
      search.columns === undefined
        ? defaultColumns(keys ?? NO_KEYS)
        : decodeColumns(search.columns),
    [search.columns, keys],
  );
  const selected = useMemo(
    () => new Set(search.selected === undefined ? [] : search.selected.split(",")),
    [search.selected],
  );

  const { charted, colors, isCut } = useMemo(
    () => chooseCharted(list.runs, selected),
    [list.runs, selected],
  );

  const patch = useCallback(
    (change: RunsSearch) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  );
  const show = useCallback(
    (next: RunsSearch) => void navigate({ search: next, replace: true }),
    [navigate],
  );
  useSavedView(experimentId, search, show);
  const queries = useQueryClient();
  const title = useQuery(getExperiment(experimentId)).data?.name ?? experimentId;
  // What writes reports is loaded when somebody wants one.
  const asReport = async () => {
    const { viewReport } = await import("@/lib/view-report");
    return viewReport({
      experiment: /^\d+$/.test(title) ? experimentId : title,
      filter,
      order,
      columns: columns.map(({ kind, key }) => `${kind}.${key}`),
      metrics: keys?.metrics ?? [],
    });
  };
  const exportView = async () => exportPage(queries, title, await asReport());
  const beginReport = async () => {
    const report = await createReport(title, await asReport());
    await navigate({
      to: "/reports/$reportId",
      params: { reportId: report.id },
      search: { edit: true },
    });
  };
  const select = (runIds: readonly string[], isSelected: boolean) => {
    const next = new Set(selected);
    for (const runId of runIds) {
      if (isSelected) next.add(runId);
      else next.delete(runId);
    }
    patch({ selected: next.size === 0 ? undefined : [...next].join(",") });
  };
  const openRun = useCallback(
    (runId: string) =>
      void navigate({
        to: "/experiments/$experimentId/runs/$runId",
        params: { experimentId, runId },
      }),
    [navigate, experimentId],
  );
  const clearSelection = () => patch({ selected: undefined });
  usePageKeys([
    { keys: ["Esc"], meaning: "Clear the selection", hotkey: "Escape", run: clearSelection },
  ]);
  useShownKeys(GRID_KEYS);

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ExperimentTitle experimentId={experimentId} />
        <span className={classes.count}>
          {count === undefined ? "" : formatPlural(count, "run")}
        </span>
        <div className={classes.last}>
          <ViewsMenu
            experimentId={experimentId}
            shownId={search.saved ?? ""}
            state={viewState(search)}
            onShow={(next) => show({ selected: search.selected, ...searchOfView(next) })}
            onExport={() => void exportView().catch(notifyError)}
            onReport={() => void beginReport().catch(notifyError)}
          />
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Which runs"
          value={view ?? "active"}
          data={[
            { value: "active", label: "Active" },
            { value: "deleted", label: "Deleted" },
          ]}
          onChange={(value) =>
            patch({ view: value === "deleted" ? "deleted" : undefined, selected: undefined })
          }
        />
      </div>
      <div className={classes.tools}>
        <FilterBar
          filter={filter}
          error={filterError(list.query.error)}
          columns={keys}
          onFilter={(next) => patch({ filter: next === "" ? undefined : next })}
        />
        <Tooltip
          label={isFlat ? "Show nested runs under their parents" : "Show all runs in one list"}
        >
          <Button
            variant={isFlat ? "default" : "light"}
            aria-pressed={!isFlat}
            leftSection={<IconBinaryTree size={15} />}
            onClick={() => patch({ flat: isFlat ? undefined : true })}
          >
            Nested
          </Button>
        </Tooltip>
        <ColumnChooser
          all={allColumns(keys ?? NO_KEYS)}
          shown={columns}
          onChange={(next) => patch({ columns: next === null ? undefined : encodeColumns(next) })}
        />
        <Button
          variant={showsCharts ? "light" : "default"}
          aria-pressed={showsCharts}
          leftSection={<IconChartLine size={15} />}
          onClick={() => patch({ charts: !showsCharts })}
        >
          Charts
        </Button>
      </div>
      <div className={classes.fill}>
        <SplitPane
          name="runs"
          label="Width of the table"
          left={
            <RunsTable
              list={list}
              columns={columns}
              colors={colors}
              filter={filter}
              orderBy={order}
              isFlat={isFlat}
              isDeletedView={isDeletedView}
              selected={selected}
              onSelect={select}
              onOrderBy={(next) => patch({ order: next === "" ? undefined : next })}
              onOpen={(run) => openRun(run.id)}
              onClearFilter={() => patch({ filter: undefined })}
            />
          }
          right={
            showsCharts ? (
              <RunCharts
                experimentId={experimentId}
                keys={keys ?? NO_KEYS}
                charted={charted}
                colors={colors}
                isCut={isCut}
                search={search}
                patch={patch}
                onOpenRun={openRun}
              />
            ) : null
          }
        />
        {selected.size > 0 && (
          <SelectionBar
            experimentId={experimentId}
            selected={[...selected]}
            isDeletedView={isDeletedView}
            onClear={clearSelection}
          />
        )}
      </div>
    </div>
  );
}

interface RunChartsProps {
  experimentId: string;
  keys: RunColumns;
  charted: readonly Run[];
  colors: ReadonlyMap<string, RunColor>;
  /** True if there are more runs to draw than are drawn, and nobody chose these. */
  isCut: boolean;
  search: RunsSearch;
  patch: (change: RunsSearch) => void;
  onOpenRun: (runId: string) => void;
}

function RunCharts(props: RunChartsProps) {
  const { experimentId, keys, charted, colors, isCut, search, patch, onOpenRun } = props;
  const onSelect = useCallback(
    (runIds: readonly string[]) =>
      patch({ selected: runIds.length === 0 ? undefined : runIds.join(",") }),
    [patch],
  );
  const runs = useMemo(
    () => charted.map((run) => chartedRun(run, colors.get(run.id))),
    [charted, colors],
  );
  const metrics = useMemo(() => chartedMetrics(charted), [charted]);
  const { filter = "", order = "", view } = search;
  const source = useMemo(
    (): RunsSource => ({
      experimentIds: [experimentId],
      filter,
      orderBy: order === "" ? [] : [order],
      viewType: view === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY",
    }),
    [experimentId, filter, order, view],
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

/**
 * The runs to draw: the selected ones, else the first of the table; and a colour for each.
 *
 * Colours go to the first runs and the selected ones together, so that a run that is drawn already
 * keeps its colour when it is selected.
 */
function chooseCharted(runs: readonly Run[], selected: ReadonlySet<string>) {
  const measured = runs.filter((run) => Object.keys(run.metrics).length > 0);
  const first = measured.slice(0, N_RUN_COLORS);
  const chosen = measured.filter((run) => selected.has(run.id));
  return {
    charted: chosen.length > 0 ? chosen : first,
    colors: assignRunColors([...new Set([...first, ...chosen])]),
    isCut: chosen.length === 0 && measured.length > first.length,
  };
}

function filterError(error: Error | null): ApiError | null {
  return error instanceof ApiError && error.status === 400 ? error : null;
}
