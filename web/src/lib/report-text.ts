import { parse, stringify, YAMLParseError } from "yaml";

/** What a report draws by itself. */
const OWN_CHARTS = ["line", "bar", "table"] as const;
/** What it has in common with the charts beside a table. */
const SHARED_CHARTS = [
  "box",
  "scatter",
  "contour",
  "parallel",
  "importance",
  "histogram",
  "images",
  "difference",
  "confusion",
  "roc",
  "note",
] as const;
export const PANEL_CHARTS = [...OWN_CHARTS, ...SHARED_CHARTS] as const;
export type PanelChart = (typeof PANEL_CHARTS)[number];

const OVER_ALL = new Set(["box", "scatter", "contour", "parallel", "importance"]);

/** Whether a chart shows all runs that match, where nothing else is said. */
export function isOverAll(chart: string, hasOptions: boolean): boolean {
  return OVER_ALL.has(chart) || (chart === "bar" && hasOptions);
}

/** What a panel of a report shows: runs of one experiment, and how. */
export interface PanelSpec {
  chart: PanelChart;
  title: string;
  /** Name or id. */
  experiment: string;
  filter: string;
  /** Such as `metrics.loss DESC`, the first one first; none for the newest first. */
  order: string[];
  /** Of a table: fields whose values make groups of the runs, such as `params.lr`. */
  group: string[];
  /** Of the runs that match, in order, at most so many; 0 for all. */
  limit: number;
  /** Of lines and bars. */
  metric: string;
  x: "step" | "time" | "elapsed";
  /** Weight of the past in a moving average, 0 to below 1. */
  smoothing: number;
  log: boolean;
  /** Of a table, as `metrics.loss`; none for those that tell most. */
  columns: string[];
  /** What else the chart beside a table can be told, by the names that its links have. */
  options: Record<string, unknown>;
}

interface Numbered {
  /** Its place in the report. */
  at: number;
}

export type ReportPart = Numbered &
  (
    | { kind: "text"; text: string }
    | { kind: "panel"; spec: PanelSpec }
    /** A panel that cannot be read. */
    | { kind: "fault"; message: string; source: string }
  );

const BEGIN = /^```fluvial\s*$/;
const END = /^```\s*$/;
const MOST_RUNS = 200;
const DEFAULTS: PanelSpec = {
  chart: "line",
  title: "",
  experiment: "",
  filter: "",
  order: [],
  group: [],
  limit: 10,
  metric: "",
  x: "step",
  smoothing: 0,
  log: false,
  columns: [],
  options: {},
};

/** The markdown and the panels of a report, in order. */
export function parseReport(report: string): ReportPart[] {
  const parts: ReportPart[] = [];
  let lines: string[] = [];
  let isPanel = false;
  const endText = () => {
    if (lines.some((line) => line.trim() !== "")) {
      parts.push({ at: parts.length, kind: "text", text: lines.join("\n") });
    }
    lines = [];
  };
  for (const line of report.split("\n")) {
    if (!isPanel && BEGIN.test(line)) {
      endText();
      isPanel = true;
    } else if (isPanel && END.test(line)) {
      parts.push(parsePanel(parts.length, lines.join("\n")));
      lines = [];
      isPanel = false;
    } else lines.push(line);
  }
  if (isPanel) {
    const source = lines.join("\n");
    parts.push({ at: parts.length, kind: "fault", message: "The panel has no end: ```", source });
  } else endText();
  return parts;
}

/** A panel as a report's text holds it; what is as by default is left out. */
export function panelText(panel: Omit<Partial<PanelSpec>, "chart"> & { chart?: string }): string {
  const { chart = DEFAULTS.chart, options = DEFAULTS.options } = panel;
  const limit = isOverAll(chart, !isEmpty(options)) ? 0 : DEFAULTS.limit;
  const defaults = { ...DEFAULTS, limit };
  const said = Object.entries(panel).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key as keyof PanelSpec]),
  );
  const written = said.map(([key, value]) => [key, key === "columns" ? value : oneOrMany(value)]);
  return `\`\`\`fluvial\n${stringify({ chart, ...Object.fromEntries(written) })}\`\`\``;
}

/** One order and one group are said without a list around them. */
function oneOrMany(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : value;
}

function parsePanel(at: number, source: string): ReportPart {
  try {
    return { at, kind: "panel", spec: checkedPanel(parse(source)) };
  } catch (error) {
    if (!(error instanceof YAMLParseError || error instanceof PanelFault)) throw error;
    return { at, kind: "fault", message: error.message, source };
  }
}

class PanelFault extends Error {}

function checkedPanel(raw: unknown): PanelSpec {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new PanelFault("A panel is written as lines of `name: value`.");
  }
  for (const key of Object.keys(raw)) {
    if (!(key in DEFAULTS)) {
      throw new PanelFault(`A panel has no ${key}: there is ${Object.keys(DEFAULTS).join(", ")}.`);
    }
  }
  const given = raw as Record<string, unknown>;
  const chart = choice(given, "chart", PANEL_CHARTS);
  const showsAll = isOverAll(chart, "options" in given) && !("limit" in given);
  const spec: PanelSpec = {
    chart,
    title: text(given, "title"),
    experiment: text(given, "experiment"),
    filter: text(given, "filter"),
    order: texts(given, "order"),
    group: texts(given, "group"),
    limit: showsAll ? 0 : number(given, "limit", 1, MOST_RUNS),
    metric: text(given, "metric"),
    x: choice(given, "x", ["step", "time", "elapsed"] as const),
    smoothing: number(given, "smoothing", 0, 0.999),
    log: given["log"] === undefined ? DEFAULTS.log : given["log"] === true,
    columns: texts(given, "columns"),
    options: optionsOf(given["options"] ?? DEFAULTS.options),
  };
  if (spec.experiment === "" && chart !== "note") {
    throw new PanelFault("Say which experiment: a name or an id.");
  }
  const isOfMetric = (chart === "line" || chart === "bar") && !isShared(spec);
  if (isOfMetric && spec.metric === "") throw new PanelFault("Say which metric.");
  return spec;
}

/** Whether a panel is drawn by a chart of those beside a table. */
export function isShared({ chart, options }: PanelSpec): boolean {
  return !OWN_CHARTS.some((one) => one === chart) || (chart !== "table" && !isEmpty(options));
}

function isEmpty(options: object): boolean {
  return Object.keys(options).length === 0;
}

function optionsOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new PanelFault("options are lines of `name: value`, such as `x: params.lr`.");
}

function text(
  given: Record<string, unknown>,
  key: "title" | "experiment" | "filter" | "metric",
): string {
  const value = given[key] ?? DEFAULTS[key];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new PanelFault(`${key} is a text.`);
}

function texts(given: Record<string, unknown>, key: "columns" | "order" | "group"): string[] {
  const value = given[key] ?? DEFAULTS[key];
  if (typeof value === "string" && key !== "columns") return value === "" ? [] : [value];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new PanelFault(`${key} is a list of texts, such as ${EXAMPLES[key]}.`);
}

const EXAMPLES = {
  columns: "[metrics.loss, params.lr]",
  order: "[metrics.loss ASC]",
  group: "[params.lr]",
};

function number(
  given: Record<string, unknown>,
  key: "limit" | "smoothing",
  least: number,
  most: number,
): number {
  const value = given[key] ?? DEFAULTS[key];
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new PanelFault(`${key} is a number from ${least} to ${most}.`);
}

function choice<Name extends string>(
  given: Record<string, unknown>,
  key: "chart" | "x",
  names: readonly Name[],
): Name {
  const value = given[key] ?? DEFAULTS[key];
  const found = names.find((name) => name === value);
  if (found === undefined) throw new PanelFault(`${key} is one of ${names.join(", ")}.`);
  return found;
}
