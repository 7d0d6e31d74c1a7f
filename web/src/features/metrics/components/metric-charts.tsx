import { Button } from "@mantine/core";
import { IconChartLine } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";

import type { RunsSource } from "@/api/run-values";
import type { RunColumns } from "@/api/runs";
import type { ChartRun, Scene } from "@/charts/define-chart";
import { Hover } from "@/charts/hover";
import { groupRuns } from "@/charts/run-groups";
import { EmptyState } from "@/components/empty-state";
import { useShownKeys } from "@/components/keys";
import { loaded } from "@/components/loaded";
import { useSize } from "@/components/use-size";
import type { ChartedMetrics } from "@/lib/charted-metrics";
import type { RunColor } from "@/lib/run-colors";
import { withPanel, type ChartSearch, type PanelState } from "@/lib/panels";

import { itemsOfGroups, itemsOfRuns } from "../legend-items";
import { panelSections, sharedOptions, type Panel } from "../panel-sections";
import { ChartToolbar } from "./chart-toolbar";
import { Legend } from "./legend";
import classes from "./metric-charts.module.css";
import { PanelGrid } from "./panel-grid";

const FullPanel = loaded(async () => (await import("./full-panel")).FullPanel);
const PanelDialog = loaded(async () => (await import("./panel-dialog")).PanelDialog);

export interface MetricChartsProps {
  runs: readonly ChartRun[];
  metrics: ChartedMetrics;
  /** The runs that charts over many are about. */
  source: RunsSource;
  columns: RunColumns;
  /** What groups the page's table, and the colours of its groups. */
  groupBy?: readonly string[];
  groupColors?: ReadonlyMap<string, RunColor>;
  /** What the link says of the charts, and how to change it. */
  search: ChartSearch;
  onSearch: (change: ChartSearch) => void;
  /** Selects runs in the page's table. */
  onSelect?: (runIds: readonly string[]) => void;
  onOpenRun?: (runId: string) => void;
  /** Whether somebody chose the runs; else they are the first of the table. */
  isChosen?: boolean;
  /** True where the page has no other input that `/` leads to. */
  hasHotkey?: boolean;
  hint?: string;
}

/** Each part takes the focus by Tab. */
const CHART_KEYS = [
  {
    keys: ["←", "→"],
    meaning: "On a curve: go along it; on a panel's grip or corner: move, resize",
  },
  { keys: ["+", "−"], meaning: "On a curve: zoom in, show all" },
];
const WIDE = 860;
const WIDE_CARD = 330;
const NARROW_CARD = 236;
const GAP = 10;
const NO_FIELDS: readonly string[] = [];
/** What the dialog is open for: a panel that is to be changed, or a new one. */
type Edited = Panel | "new" | null;

/** A chart for each metric, in sections by prefix, and those that somebody added. */
export function MetricCharts(props: MetricChartsProps) {
  const { metrics, source, columns, search, onSearch, hasHotkey = false, hint } = props;
  const { groupBy = NO_FIELDS, onSelect, onOpenRun, isChosen = false } = props;
  useShownKeys(CHART_KEYS);
  const [ref, { width }] = useSize();
  const [hover] = useState(() => new Hover());
  const [edited, setEdited] = useState<Edited>(null);
  const muted = useMemo(() => new Set(search.muted), [search.muted]);
  const runs = useMemo(
    () => (muted.size === 0 ? props.runs : props.runs.filter((run) => !muted.has(run.id))),
    [props.runs, muted],
  );
  const shared = useMemo(() => sharedOptions(search, groupBy), [search, groupBy]);
  const { average = NO_FIELDS } = shared;
  // Of all runs, so that a group keeps its colour when others are left out.
  const groups = useMemo(
    () => groupRuns(props.runs, average, props.groupColors),
    [props.runs, average, props.groupColors],
  );
  const groupColors = useMemo(
    () => new Map(groups.map(({ label, color }) => [label, color])),
    [groups],
  );
  const items = useMemo(
    () => (average.length > 0 ? itemsOfGroups(groups) : itemsOfRuns(props.runs)),
    [average, groups, props.runs],
  );
  const scene = useMemo(
    (): Scene => ({
      runs,
      source,
      columns,
      hover,
      groupColors,
      isChosen: isChosen || runs.length < props.runs.length,
      ...(onSelect === undefined ? {} : { onSelect }),
      ...(onOpenRun === undefined ? {} : { onOpenRun }),
    }),
    [runs, props.runs, source, columns, hover, isChosen, groupColors, onSelect, onOpenRun],
  );
  const sections = useMemo(
    () => panelSections(metrics, search.panels ?? [], search.metrics ?? ""),
    [metrics, search.panels, search.metrics],
  );
  const full = useMemo(
    () => sections.flatMap(({ panels }) => panels).find(({ id }) => id === search.panel),
    [sections, search.panel],
  );

  const setPanel = useCallback(
    (id: string, change: Partial<PanelState>) => {
      const next = withPanel(search.panels ?? [], id, change);
      onSearch({ panels: next.length === 0 ? undefined : next });
    },
    [search.panels, onSearch],
  );
  const removePanel = (panel: Panel) => {
    if (panel.metric !== null) {
      setPanel(panel.id, { isHidden: true });
      return;
    }
    const left = (search.panels ?? []).filter(({ id }) => id !== panel.id);
    onSearch({ panels: left.length === 0 ? undefined : left });
  };
  const nHidden = (search.panels ?? []).filter(({ isHidden }) => isHidden === true).length;
  const showHidden = () => {
    const left = (search.panels ?? []).flatMap(({ isHidden, ...panel }) =>
      isHidden === true && Object.keys(panel).length === 1 ? [] : [panel],
    );
    onSearch({ panels: left.length === 0 ? undefined : left });
  };

  return (
    <div ref={ref} className={classes.charts}>
      <ChartToolbar
        search={search}
        columns={columns}
        groupBy={groupBy}
        hasHotkey={hasHotkey}
        onSearch={onSearch}
        onAdd={() => setEdited("new")}
      />
      {search.legend === true && (
        <Legend items={items} muted={muted} hover={hover} onSearch={onSearch} />
      )}
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      {nHidden > 0 && (
        <p className={classes.hint}>
          {nHidden === 1 ? "One panel is hidden. " : `${nHidden} panels are hidden. `}
          <button type="button" className={classes.retry} onClick={showHidden}>
            Show
          </button>
        </p>
      )}
      {sections.length === 0 ? (
        <EmptyState
          icon={<IconChartLine size={28} stroke={1.4} />}
          title={search.metrics === undefined ? "No metrics yet" : "No metrics match"}
          hint={search.metrics ?? "Curves appear here as soon as a run logs its first metric."}
          action={
            <Button variant="default" onClick={() => setEdited("new")}>
              Add a panel
            </Button>
          }
        />
      ) : (
        width > 0 && (
          <PanelGrid
            sections={sections}
            closed={search.closed ?? []}
            width={width - 2 * SIDE}
            nColumns={columnsThatFit(width - 2 * SIDE)}
            scene={scene}
            shared={shared}
            panels={search.panels ?? []}
            onSearch={onSearch}
            onPanel={setPanel}
            onRemove={removePanel}
            onEdit={setEdited}
          />
        )
      )}
      {full !== undefined && (
        <FullPanel
          panel={full}
          scene={scene}
          shared={shared}
          items={items}
          muted={muted}
          onSearch={onSearch}
          onPanel={setPanel}
        />
      )}
      {edited !== null && (
        <PanelDialog
          edited={edited === "new" ? null : edited}
          columns={columns}
          metrics={metrics.keys}
          onClose={() => setEdited(null)}
          onSave={(id, state) => {
            setPanel(id, state);
            setEdited(null);
          }}
        />
      )}
    </div>
  );
}

const SIDE = 16;

/** How many charts fit side by side: small ones beside a table, larger ones on a page of their own. */
function columnsThatFit(width: number): number {
  const smallest = width > WIDE ? WIDE_CARD : NARROW_CARD;
  return Math.max(1, Math.floor((width + GAP) / (smallest + GAP)));
}
