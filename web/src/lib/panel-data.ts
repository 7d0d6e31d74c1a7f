/** What a panel shows: plain values, which a pinned report and an exported file keep. */

export interface PanelRun {
  id: string;
  name: string;
  experimentId: string;
  status: string;
  /** ms since the epoch. */
  startTime: number;
  endTime: number | null;
  params: Record<string, string>;
  metrics: Record<string, number>;
  tags: Record<string, string>;
}

export interface PanelSeries {
  runId: string;
  steps: number[];
  /** ms since the epoch. */
  timestamps: number[];
  values: number[];
}

/** A part of what a chart showed, as it can be shown again without the chart. */
export type PictureBlock =
  | { kind: "image"; src: string; alt: string; width: number; height: number }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "legend"; entries: { label: string; color: string }[] }
  | { kind: "text"; text: string };

/** Runs that share some values. */
export interface PanelGroup {
  /** Of each field that is grouped by; null where the runs lack it. */
  values: (string | null)[];
  nRuns: number;
  /** By field; null where too few of the runs have it. */
  numbers: Record<string, { mean: number | null; std: number | null }>;
}

export interface PanelData {
  runs: PanelRun[];
  series: PanelSeries[];
  /** Of a table of groups. */
  groups?: PanelGroup[];
  /** Of a chart that is not drawn from these. */
  picture?: PictureBlock[];
}

const NAMES = new Map<string, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Panels as JSON, with NaN and infinities by name. */
export function encodePanels(panels: readonly (PanelData | null)[]): string {
  return JSON.stringify({ form: 1, panels }, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/** The panels in such JSON; none where it is of another form. */
export function decodePanels(text: string): (PanelData | null)[] {
  if (text === "") return [];
  const raw = JSON.parse(text) as { form?: number; panels?: (PanelData | null)[] };
  if (raw.form !== 1 || raw.panels === undefined) return [];
  return raw.panels.map((panel) => (panel === null ? null : withNumbers(panel)));
}

function withNumbers({ runs, series, groups, picture }: PanelData): PanelData {
  return {
    ...(groups === undefined ? {} : { groups: groups.map(groupWithNumbers) }),
    ...(picture === undefined ? {} : { picture }),
    runs: runs.map((run) => Object.assign({}, run, { metrics: numbersOf(run.metrics) })),
    series: series.map(({ runId, steps, timestamps, values }) => ({
      runId,
      steps,
      timestamps,
      values: values.map(asNumber),
    })),
  };
}

function groupWithNumbers({ values, nRuns, numbers }: PanelGroup): PanelGroup {
  const summaries = Object.entries(numbers).map(([field, { mean, std }]) => [
    field,
    { mean: mean === null ? null : asNumber(mean), std: std === null ? null : asNumber(std) },
  ]);
  return { values, nRuns, numbers: Object.fromEntries(summaries) as PanelGroup["numbers"] };
}

function numbersOf(metrics: Record<string, number | string>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, asNumber(value)]));
}

function asNumber(value: number | string): number {
  return typeof value === "number" ? value : (NAMES.get(value) ?? Number.NaN);
}
