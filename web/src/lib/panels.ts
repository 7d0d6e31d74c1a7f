/** What a link says of the charts of a page: plain JSON, which a saved view keeps as it is. */

export const X_AXES = ["step", "time", "elapsed", "metric"] as const;
export type XAxis = (typeof X_AXES)[number];

/** What the panels of a page share. Absent means the default, so that plain links stay short. */
export interface ChartSearch {
  x?: XAxis;
  /** The metric on the horizontal axis, where `x` is "metric". */
  xMetric?: string;
  logX?: true;
  /** Logarithmic values. */
  log?: true;
  /** 0 to below 1. */
  smoothing?: number;
  smoother?: "gaussian";
  /** Leaves outliers out of the range that is drawn. */
  clip?: true;
  /** Fields such as `params.lr`: runs that share them are averaged. Unsaid, those that group the table. */
  average?: readonly string[];
  /** The band around an average: a standard deviation, or the confidence interval. */
  spread?: "ci";
  /** Part of the names of the metrics to draw. */
  metrics?: string;
  /** Panels that somebody added or changed. */
  panels?: PanelState[];
  /** Sections that are closed. */
  closed?: string[];
  /** The panel that fills the screen. */
  panel?: string;
  /** Whether the legend is shown. */
  legend?: true;
  /** Runs that are left out of the charts. */
  muted?: string[];
}

/** A panel, as far as somebody changed it. One that nobody touched is not in the link. */
export interface PanelState {
  /** `metric:<name>` for the panel that every metric has; any other for one that was added. */
  id: string;
  /** Name of the chart's folder. */
  kind?: string;
  title?: string;
  options?: Record<string, unknown>;
  /** In columns of the grid. */
  width?: number;
  /** In rows of the grid. */
  height?: number;
  /** Its place in its section, from 0. */
  at?: number;
  isHidden?: true;
}

/** The section of added panels. */
export const OWN_SECTION = "\u0000own";
const METRIC_PANEL = "metric:";
export const MAX_WIDTH = 4;
export const MAX_HEIGHT = 4;

export function metricPanelId(metric: string): string {
  return `${METRIC_PANEL}${metric}`;
}

/** The metric whose own panel this is, or null for a panel that was added. */
export function metricOfPanel(id: string): string | null {
  return id.startsWith(METRIC_PANEL) ? id.slice(METRIC_PANEL.length) : null;
}

/** The panels with one of them changed; a panel that says nothing any more is left out. */
export function withPanel(
  panels: readonly PanelState[],
  id: string,
  change: Partial<PanelState>,
): PanelState[] {
  const before = panels.find((panel) => panel.id === id) ?? { id };
  const merged = { ...before, ...change };
  const after = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as unknown as PanelState;
  const others = panels.filter((panel) => panel.id !== id);
  if (metricOfPanel(id) !== null && Object.keys(after).length === 1) return others;
  return panels.some((panel) => panel.id === id)
    ? panels.map((panel) => (panel.id === id ? after : panel))
    : [...panels, after];
}

/** Ids in their automatic order, but for those that were moved. */
export function inPlace(ids: readonly string[], places: ReadonlyMap<string, number>): string[] {
  const moved = ids
    .filter((id) => places.has(id))
    .sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  const ordered = ids.filter((id) => !places.has(id));
  for (const id of moved) ordered.splice(places.get(id) ?? 0, 0, id);
  return ordered;
}

export interface Sized {
  id: string;
  width: number;
  height: number;
}

/** Rows of panels, filled from the left; a row is as high as its highest panel. */
export function packRows<T extends Sized>(
  panels: readonly T[],
  nColumns: number,
): { panels: T[]; height: number }[] {
  const rows: { panels: T[]; height: number }[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const panel of panels) {
    const width = Math.min(panel.width, nColumns);
    if (used + width > nColumns) {
      rows.push({ panels: [], height: 0 });
      used = 0;
    }
    const row = rows.at(-1);
    if (row === undefined) continue;
    row.panels.push(panel);
    row.height = Math.max(row.height, panel.height);
    used += width;
  }
  return rows;
}

type Raw = Record<string, unknown>;

/** The charts' part of a link; what makes no sense is left out. */
export function parseChartSearch(raw: Raw): ChartSearch {
  const { smoothing } = raw;
  return {
    x: X_AXES.find((axis) => axis === raw["x"] && axis !== "step"),
    xMetric: text(raw["xMetric"]),
    logX: flag(raw["logX"]),
    log: flag(raw["log"]),
    smoothing:
      typeof smoothing === "number" && smoothing > 0 && smoothing < 1 ? smoothing : undefined,
    smoother: raw["smoother"] === "gaussian" ? "gaussian" : undefined,
    clip: flag(raw["clip"]),
    average: averageOf(raw["average"]),
    spread: raw["spread"] === "ci" ? "ci" : undefined,
    metrics: text(raw["metrics"]),
    panels: parsePanels(raw["panels"]),
    closed: texts(raw["closed"]),
    panel: text(raw["panel"]),
    legend: flag(raw["legend"]),
    muted: texts(raw["muted"]),
  };
}

/** None is something to say: each run by itself, however the table is grouped. */
function averageOf(raw: unknown): string[] | undefined {
  if (typeof raw === "string" && raw !== "") return [raw];
  return Array.isArray(raw) && raw.length === 0 ? [] : texts(raw);
}

function parsePanels(raw: unknown): PanelState[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const found = raw.flatMap((one: unknown) => (isObject(one) ? parsePanel(one) : []));
  return found.length === 0 ? undefined : found;
}

function parsePanel(raw: Raw): PanelState[] {
  const id = text(raw["id"]);
  if (id === undefined) return [];
  const found = {
    id,
    kind: text(raw["kind"]),
    title: text(raw["title"]),
    options: isObject(raw["options"]) ? raw["options"] : undefined,
    width: whole(raw["width"], 1, MAX_WIDTH),
    height: whole(raw["height"], 1, MAX_HEIGHT),
    at: whole(raw["at"], 0, 100_000),
    isHidden: flag(raw["isHidden"]),
  };
  return [
    Object.fromEntries(
      Object.entries(found).filter(([, value]) => value !== undefined),
    ) as unknown as PanelState,
  ];
}

function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.filter((one) => typeof one === "string");
  return found.length === 0 ? undefined : found;
}

function flag(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

function whole(value: unknown, least: number, most: number): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
    ? value
    : undefined;
}
