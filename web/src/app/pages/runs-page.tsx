import { Button, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconBinaryTree, IconChartLine, IconListCheck } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";

import { Tooltip } from "@/components/tooltip";
import { getExperiment } from "@/api/experiments";
import { ApiError } from "@/api/http";
import { createReport } from "@/api/reports";
import { renameRun } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { usePageKeys, useShownKeys } from "@/components/keys";
import { loaded } from "@/components/loaded";
import { notifyError } from "@/components/notify";
import { SplitPane } from "@/components/split-pane";
import { TableSkeleton } from "@/components/table-skeleton";
import { ExperimentTitle } from "@/features/experiments/components/experiment-title";
import { ColumnChooser } from "@/features/runs/components/column-chooser";
import { FilterBar } from "@/features/runs/components/filter-bar";
import { GroupChooser } from "@/features/runs/components/group-chooser";
import { RunsTable } from "@/features/runs/components/runs-table";
import { ViewsMenu } from "@/features/views/components/views-menu";
import { formatPlural } from "@/lib/format";
import { encodeColumns, type RunColumn } from "@/lib/run-columns";
import { countSelected } from "@/lib/run-selection";
import { viewState } from "@/lib/view-state";

import type { RunsSearch } from "../search-params";
import { useAfterPaint } from "../use-after-paint";
import { NO_VIEW, searchOfView, useSavedView } from "../use-saved-view";
import classes from "./page.module.css";
import { useRunsView } from "./use-runs-view";
import { useViewReport } from "./use-view-report";

const FirstSteps = loaded(
  async () => (await import("@/features/experiments/components/first-steps")).FirstSteps,
);
/** The table does not wait for what draws beside it. */
const RunsCharts = loaded(
  async () => (await import("./runs-charts")).RunsCharts,
  () => <TableSkeleton rows={4} />,
);
const GRID_KEYS = [
  { keys: ["↑", "↓"], meaning: "Move from run to run" },
  { keys: ["PgUp", "PgDn"], meaning: "Move by as many as are in view" },
  { keys: ["Home", "End"], meaning: "Move to the first or the last run" },
  { keys: ["Enter"], meaning: "Open the run" },
  { keys: ["Space"], meaning: "Select the run, with Shift all up to it" },
  { keys: ["F2"], meaning: "Rename the run" },
  { keys: ["←", "→"], meaning: "Close or open nested runs and groups" },
  { keys: ["Alt", "←"], meaning: "Move the column whose title has the focus" },
  { keys: ["Shift", "Enter"], meaning: "Order by it after the other columns" },
];
const FacetsPanel = loaded(
  async () => (await import("@/features/runs/components/facets-panel")).FacetsPanel,
);
const SelectionBar = loaded(
  async () => (await import("@/features/runs/components/selection-bar")).SelectionBar,
);
const ReportExport = loaded(
  async () => (await import("@/features/reports/components/report-export")).ReportExport,
);
const route = getRouteApi("/experiments/$experimentId");

export function RunsPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const isWide = useMediaQuery("(min-width: 1000px)", undefined, {
    getInitialValueInEffect: false,
  });
  const experimentIds = useMemo(() => experimentId.split(","), [experimentId]);
  const view = useRunsView(experimentIds, search, (change) => {
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  });
  const show = useCallback(
    (next: RunsSearch) => void navigate({ search: next, replace: true }),
    [navigate],
  );
  // Views are of one experiment.
  const isOne = experimentIds.length === 1;
  useSavedView(experimentId, isOne ? search : { ...search, saved: NO_VIEW }, show);
  const experiment = useQuery(getExperiment(experimentIds[0] ?? experimentId));
  const title = experiment.data?.name ?? experimentId;
  const isNamed = isOne && experiment.isSuccess;
  const showsCharts = search.charts ?? isWide;
  const asReport = useViewReport({
    experimentId,
    experimentName: title,
    search,
    showsCharts,
    view,
  });
  const [exported, setExported] = useState<{ title: string; text: string } | null>(null);
  const exportView = async (name: string) =>
    setExported({ title: name === "" ? title : `${title}: ${name}`, text: await asReport() });
  const endExport = useCallback(() => setExported(null), []);
  const beginReport = async (name: string) => {
    const report = await createReport(name === "" ? title : name, await asReport());
    await navigate({
      to: "/reports/$reportId",
      params: { reportId: report.id },
      search: { edit: true },
    });
  };
  const openRun = (runId: string, of = experimentIds[0] ?? experimentId) =>
    void navigate({
      to: "/experiments/$experimentId/runs/$runId",
      params: { experimentId: of, runId },
    });
  const { request, head, groups, columns, groupBy, selection, colors, nRuns, patch } = view;
  // A panel that a link leads to is what the page is opened for.
  const isTableShown = useAfterPaint(nRuns !== null || search.panel !== undefined);
  const nSelected = countSelected(selection, nRuns ?? 0);
  usePageKeys([
    { keys: ["Esc"], meaning: "Clear the selection", hotkey: "Escape", run: view.clearSelection },
  ]);
  useShownKeys(GRID_KEYS);

  if (experiment.error instanceof ApiError && experiment.error.isNotFound) {
    return (
      <EmptyState
        title="No such experiment"
        hint={experiment.error.message}
        action={<Link to="/experiments">All experiments</Link>}
      />
    );
  }
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ExperimentTitle experimentId={experimentId} />
        <span className={classes.count}>{nRuns === null ? "" : formatPlural(nRuns, "run")}</span>
        <div className={classes.last}>
          {isOne && (
            <ViewsMenu
              experimentId={experimentId}
              shownId={search.saved ?? ""}
              state={viewState(search)}
              stateOf={(saved) => viewState(searchOfView(saved))}
              onShow={(next) => show({ selected: search.selected, ...searchOfView(next) })}
              onExport={(name) => void exportView(name).catch(notifyError)}
              onReport={(name) => void beginReport(name).catch(notifyError)}
            />
          )}
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Which runs"
          value={search.view ?? "active"}
          data={[
            { value: "active", label: "Active" },
            { value: "deleted", label: "Deleted" },
          ]}
          onChange={(value) =>
            patch({
              view: value === "deleted" ? "deleted" : undefined,
              selected: undefined,
              all: undefined,
            })
          }
        />
      </div>
      <div className={classes.tools}>
        <FilterBar
          experimentIds={experimentIds}
          viewType={request.viewType}
          filter={request.filter}
          error={filterError(view.error)}
          onFilter={(next) => patch({ filter: next === "" ? undefined : next })}
        />
        <Tooltip
          label={
            groupBy.length > 0
              ? "Groups have no nested runs"
              : request.isNested
                ? "Show all runs in one list"
                : "Show nested runs under their parents"
          }
        >
          <Button
            variant={request.isNested ? "light" : "default"}
            aria-pressed={request.isNested}
            disabled={groupBy.length > 0}
            leftSection={<IconBinaryTree size={15} />}
            onClick={() => patch({ flat: request.isNested ? true : undefined })}
          >
            Nested
          </Button>
        </Tooltip>
        <Button
          variant={search.facets === undefined ? "default" : "light"}
          aria-pressed={search.facets !== undefined}
          leftSection={<IconListCheck size={15} />}
          onClick={() =>
            patch({ facets: search.facets === undefined ? firstFacets(columns) : undefined })
          }
        >
          Values
        </Button>
        <GroupChooser
          experimentIds={experimentIds}
          groupBy={groupBy}
          onGroupBy={(next) => patch({ group: next.length === 0 ? undefined : next })}
        />
        <ColumnChooser
          experimentIds={experimentIds}
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
      <div className={classes.body}>
        {search.facets !== undefined && (
          <FacetsPanel
            experimentIds={experimentIds}
            viewType={request.viewType}
            filter={request.filter}
            fields={search.facets}
            onFields={(next) => patch({ facets: next.length === 0 ? undefined : next })}
            onFilter={(next) => patch({ filter: next === "" ? undefined : next })}
            onClose={() => patch({ facets: undefined })}
          />
        )}
        <div className={classes.fill}>
          <SplitPane
            name="runs"
            label="Width of the table"
            left={
              <RunsTable
                request={view.shownRequest}
                query={groupBy.length > 0 ? groups.query : head}
                sections={groups.sections}
                nRuns={nRuns ?? 0}
                isStale={view.isStale}
                columns={columns}
                colors={view.rowColors}
                groupColors={view.groupColors}
                groupBy={groupBy}
                selection={selection}
                onSelect={view.select}
                onSelectRange={(from, to, selects) =>
                  void view.selectRange(from, to, selects).catch(notifyError)
                }
                onSelectAll={view.selectAll}
                onOrder={(next) => patch({ order: next.length === 0 ? undefined : next })}
                onColumns={(next) => patch({ columns: encodeColumns(next) })}
                onGroupBy={(next) => patch({ group: next.length === 0 ? undefined : next })}
                onFacet={(field) =>
                  patch({ facets: [...new Set([field, ...(search.facets ?? [])])] })
                }
                onToggleFamily={view.toggleFamily}
                onToggleGroup={groups.toggle}
                onOpen={(row) => openRun(row.id, row.experimentId)}
                onRename={(runId, name) =>
                  void renameRun(runId, name)
                    .then(() => queries.invalidateQueries({ queryKey: ["runs"] }))
                    .catch(notifyError)
                }
                onClearFilter={() => patch({ filter: undefined })}
                none={<FirstSteps experimentName={isNamed ? title : undefined} />}
              />
            }
            right={
              !showsCharts ? null : isTableShown ? (
                <RunsCharts
                  request={view.shownRequest}
                  keys={view.names}
                  charted={view.charted}
                  colors={colors}
                  groupBy={groupBy}
                  groupColors={view.groupColors}
                  isCut={view.isCut}
                  isChosen={view.hasChosen}
                  search={search}
                  patch={patch}
                  onOpenRun={openRun}
                />
              ) : (
                <TableSkeleton rows={4} />
              )
            }
          />
          {nSelected > 0 && (
            <SelectionBar
              experimentId={experimentId}
              request={view.shownRequest}
              columns={columns}
              selection={selection}
              nRuns={nRuns ?? 0}
              onSelectAll={() => view.selectAll(true)}
              onClear={view.clearSelection}
            />
          )}
        </div>
      </div>
      {exported !== null && <ReportExport {...exported} onDone={endExport} />}
    </div>
  );
}

/** What the panel of values begins with. */
function firstFacets(columns: readonly RunColumn[]): string[] {
  const of = (kind: RunColumn["kind"], most: number) =>
    columns
      .filter((column) => column.kind === kind && column.orderKey !== null)
      .slice(0, most)
      .map((column) => column.orderKey ?? "");
  return ["attributes.status", ...of("params", 3), ...of("metrics", 2)];
}

function filterError(error: Error | null): ApiError | null {
  return error instanceof ApiError && error.status === 400 ? error : null;
}
