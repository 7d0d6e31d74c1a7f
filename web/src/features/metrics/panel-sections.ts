import type { LineOptions } from "@/charts/line";
import { CHARTS } from "@/charts/registry";
import { readOptions, type Chart } from "@/charts/define-chart";
import type { ChartedMetrics } from "@/lib/charted-metrics";
import { groupMetrics } from "@/lib/metric-groups";
import {
  inPlace,
  metricPanelId,
  OWN_SECTION,
  type ChartSearch,
  type PanelState,
  type Sized,
} from "@/lib/panels";

/** A panel as it is shown. */
export interface Panel extends Sized {
  kind: string;
  chart: Chart<object>;
  title: string;
  /** What was set for this panel alone. */
  options: Record<string, unknown>;
  /** The metric whose own panel it is, or null for one that was added. */
  metric: string | null;
}

export interface Section {
  /** Names it in the link. */
  id: string;
  title: string;
  panels: Panel[];
}

/**
 * The panels of a page: added ones first, then one for each metric, in sections by prefix.
 *
 * @param changed What the link says of panels.
 * @param wanted Part of the names to show.
 */
export function panelSections(
  metrics: ChartedMetrics,
  changed: readonly PanelState[],
  wanted: string,
): Section[] {
  const states = new Map(changed.map((state) => [state.id, state]));
  const part = wanted.toLowerCase();
  const keys = metrics.keys.filter((key) => key.toLowerCase().includes(part));
  const own = changed
    .flatMap((state) => ownPanel(state))
    .filter(({ title }) => part === "" || title.toLowerCase().includes(part));
  const groups = groupMetrics(keys, metrics.curves);
  const sections = groups.map(({ prefix, keys: members }): Section => {
    const panels = members.flatMap((key) => metricPanel(key, states.get(metricPanelId(key))));
    return {
      id: prefix,
      title: prefix === "" ? "Metrics" : prefix,
      panels: arranged(panels, states),
    };
  });
  const added = { id: OWN_SECTION, title: "Panels", panels: arranged(own, states) };
  return [added, ...sections].filter(({ panels }) => panels.length > 0);
}

function arranged(panels: readonly Panel[], states: ReadonlyMap<string, PanelState>): Panel[] {
  const places = new Map<string, number>();
  const byId = new Map(panels.map((panel) => [panel.id, panel]));
  for (const { id } of panels) {
    const at = states.get(id)?.at;
    if (at !== undefined) places.set(id, at);
  }
  if (places.size === 0) return [...panels];
  return inPlace([...byId.keys()], places).flatMap((id) => byId.get(id) ?? []);
}

function metricPanel(metric: string, state?: PanelState): Panel[] {
  const chart = CHARTS.get("line");
  if (chart === undefined || state?.isHidden === true) return [];
  return [
    {
      id: metricPanelId(metric),
      kind: "line",
      chart,
      title: state?.title ?? metric,
      options: { metrics: [metric], ...state?.options },
      metric,
      width: state?.width ?? 1,
      height: state?.height ?? 1,
    },
  ];
}

function ownPanel(state: PanelState): Panel[] {
  const chart = state.kind === undefined ? undefined : CHARTS.get(state.kind);
  if (chart === undefined || state.kind === undefined || state.isHidden === true) return [];
  const options = state.options ?? {};
  const title = state.title ?? chart.titleOf(readOptions(chart, options));
  return [
    {
      id: state.id,
      kind: state.kind,
      chart,
      title: title === "" ? chart.title : title,
      options,
      metric: null,
      width: state.width ?? chart.size?.width ?? 1,
      height: state.height ?? chart.size?.height ?? 1,
    },
  ];
}

/** The options that all line panels of a page share, as the link says them. */
/** @param groupBy What groups the table beside the charts. */
export function sharedOptions(
  search: ChartSearch,
  groupBy: readonly string[],
): Partial<LineOptions> & { group?: string } {
  const [group] = groupBy;
  return {
    ...(search.x === undefined ? {} : { x: search.x }),
    ...(search.xMetric === undefined ? {} : { xMetric: search.xMetric }),
    ...(search.logX === true ? { logX: true } : {}),
    ...(search.log === true ? { log: true } : {}),
    ...(search.smoothing === undefined ? {} : { smoothing: search.smoothing }),
    ...(search.smoother === undefined ? {} : { smoother: search.smoother }),
    ...(search.clip === true ? { clip: true } : {}),
    average: [...(search.average ?? groupBy)],
    // Of charts that have groups of one field.
    ...(group === undefined ? {} : { group: group.replace(/^attributes\./, "") }),
    ...(search.spread === undefined ? {} : { spread: search.spread }),
  };
}
