import { identifier } from "./filter-text";
import { isSystemMetric } from "./metric-groups";

export type ColumnKind = "attributes" | "metrics" | "params" | "tags";

/** What a column of a metric shows of its points. */
export const SHOWN = ["last", "min", "max", "mean", "curve"] as const;
export type Shown = (typeof SHOWN)[number];

export interface RunColumn {
  /** `metrics.loss:max`: which column of the table it is. */
  id: string;
  kind: ColumnKind;
  key: string;
  title: string;
  shown: Shown;
  /** What the server is asked for, and orders by; null of what it keeps in no one field. */
  field: string | null;
  orderKey: string | null;
  isPinned: boolean;
  /** In pixels, or null for what suits the column. */
  width: number | null;
}

interface Keys {
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
}

export const KINDS: { kind: ColumnKind; title: string }[] = [
  { kind: "attributes", title: "Run" },
  { kind: "metrics", title: "Metrics" },
  { kind: "params", title: "Params" },
  { kind: "tags", title: "Tags" },
];

interface AttributeColumn {
  key: string;
  title: string;
  field: string | null;
  orderKey: string | null;
  width: number;
}

/** The column that tells the runs of several experiments apart. */
const EXPERIMENT: AttributeColumn = {
  key: "experiment",
  title: "Experiment",
  field: null,
  orderKey: "attributes.experiment_name",
  width: 150,
};
const ATTRIBUTES: AttributeColumn[] = [
  EXPERIMENT,
  { key: "status", title: "Status", field: null, orderKey: "attributes.status", width: 98 },
  {
    key: "start_time",
    title: "Started",
    field: null,
    orderKey: "attributes.start_time",
    width: 84,
  },
  { key: "duration", title: "Duration", field: null, orderKey: "attributes.duration", width: 84 },
  ofTag("user", "User", "mlflow.user"),
  ofTag("source", "Source", "mlflow.source.name"),
  ofTag("commit", "Commit", "mlflow.source.git.commit"),
  { key: "dataset", title: "Dataset", field: "datasets.name", orderKey: null, width: 120 },
];

const DEFAULT_ATTRIBUTES = ["status", "start_time", "duration"];
/** Columns of a kind that are shown before anybody chose; the rest waits in the column list. */
const N_DEFAULT = 8;
const SMALLEST_WIDTH = 56;
const LARGEST_WIDTH = 900;

export function toColumn(kind: ColumnKind, key: string, more: Partial<RunColumn> = {}): RunColumn {
  const { shown = "last", isPinned = false, width = null } = more;
  const rest = { kind, key, shown, isPinned, width };
  if (kind === "attributes") {
    const attribute = ATTRIBUTES.find((one) => one.key === key);
    return {
      id: `attributes.${key}`,
      title: attribute?.title ?? key,
      field: attribute?.field ?? null,
      orderKey: attribute?.orderKey ?? null,
      ...rest,
    };
  }
  const name = identifier(kind, key);
  const field = kind === "metrics" && shown !== "last" ? `${shown}(${name})` : name;
  const isCurve = kind === "metrics" && shown === "curve";
  return {
    id: shown === "last" ? `${kind}.${key}` : `${kind}.${key}:${shown}`,
    title: key,
    field: isCurve ? null : field,
    orderKey: isCurve ? null : field,
    ...rest,
  };
}

export function withShown(column: RunColumn, shown: Shown): RunColumn {
  return toColumn(column.kind, column.key, { ...column, shown });
}

export function widthOf({ kind, key, title, shown, width }: RunColumn): number {
  if (width !== null) return Math.min(LARGEST_WIDTH, Math.max(SMALLEST_WIDTH, width));
  if (kind === "attributes") return ATTRIBUTES.find((one) => one.key === key)?.width ?? 120;
  if (shown === "curve") return 130;
  return Math.round(Math.min(150, Math.max(92, 40 + title.length * 7)));
}

/**
 * Every column that these names make, in the order of the table. MLflow's own tags have other columns.
 *
 * @param nExperiments How many experiments the runs are of.
 */
export function allColumns(keys: Keys, nExperiments: number): RunColumn[] {
  return [
    ...ATTRIBUTES.filter((one) => nExperiments > 1 || one !== EXPERIMENT).map(({ key }) =>
      toColumn("attributes", key),
    ),
    ...keys.metrics.map((key) => toColumn("metrics", key)),
    ...keys.params.map((key) => toColumn("params", key)),
    ...keys.tags.filter((key) => !key.startsWith("mlflow.")).map((key) => toColumn("tags", key)),
  ];
}

export function defaultColumns(keys: Keys, nExperiments: number): RunColumn[] {
  return [
    ...(nExperiments > 1 ? [toColumn("attributes", EXPERIMENT.key)] : []),
    ...DEFAULT_ATTRIBUTES.map((key) => toColumn("attributes", key)),
    ...keys.metrics
      .filter((key) => !isSystemMetric(key))
      .slice(0, N_DEFAULT)
      .map((key) => toColumn("metrics", key)),
    ...keys.params.slice(0, N_DEFAULT).map((key) => toColumn("params", key)),
  ];
}

/** In the order of the table: pinned columns stand before the others. */
export function pinnedFirst(columns: readonly RunColumn[]): RunColumn[] {
  return [...columns.filter((one) => one.isPinned), ...columns.filter((one) => !one.isPinned)];
}

/** The columns with one of them before another, or last where that is null; it is then pinned as its new place is. */
export function moveColumn(
  columns: readonly RunColumn[],
  id: string,
  beforeId: string | null,
): RunColumn[] {
  const moved = columns.find((one) => one.id === id);
  if (moved === undefined || id === beforeId) return [...columns];
  const others = columns.filter((one) => one.id !== id);
  const found = others.findIndex((one) => one.id === beforeId);
  const at = found === -1 ? others.length : found;
  const isPinned = others[at]?.isPinned ?? (others[at - 1]?.isPinned === true && moved.isPinned);
  return [...others.slice(0, at), { ...moved, isPinned }, ...others.slice(at)];
}

/** One place to the left (-1) or right (1), among those that are pinned as it is. */
export function stepColumn(columns: readonly RunColumn[], id: string, step: -1 | 1): RunColumn[] {
  const at = columns.findIndex((one) => one.id === id);
  const [moved, other] = [columns[at], columns[at + step]];
  if (!moved || !other || moved.isPinned !== other.isPinned) return [...columns];
  const next = [...columns];
  next[at] = other;
  next[at + step] = moved;
  return next;
}

/** The part of a name before its last `/` or `.`, under which a table groups columns; "" where there is none. */
export function prefixOf({ kind, key }: Pick<RunColumn, "kind" | "key">): string {
  if (kind === "attributes") return "";
  const at = Math.max(key.lastIndexOf("/"), key.lastIndexOf("."));
  return at > 0 && at < key.length - 1 ? key.slice(0, at) : "";
}

/** Columns in the table's order, as a link holds them: `m.loss!max!pin!w120`. */
export function encodeColumns(columns: readonly RunColumn[]): string {
  return columns
    .map(({ kind, key, shown, isPinned, width }) =>
      [
        `${kind.charAt(0)}.${encodeURIComponent(key).replaceAll("!", "%21")}`,
        ...(shown === "last" ? [] : [shown]),
        ...(isPinned ? ["pin"] : []),
        ...(width === null ? [] : [`w${Math.round(width)}`]),
      ].join("!"),
    )
    .join(",");
}

export function decodeColumns(text: string): RunColumn[] {
  const columns = text.split(",").flatMap((part) => {
    const kind = KINDS.find((one) => part.startsWith(`${one.kind.charAt(0)}.`))?.kind;
    const [name = "", ...marks] = part.slice(2).split("!");
    if (kind === undefined || name === "") return [];
    const width = marks.map((mark) => /^w(\d{1,4})$/.exec(mark)?.[1]).find(Boolean);
    return toColumn(kind, decodeKey(name), {
      shown: SHOWN.find((one) => kind === "metrics" && marks.includes(one)) ?? "last",
      isPinned: marks.includes("pin"),
      width: width === undefined ? null : Number(width),
    });
  });
  return pinnedFirst([...new Map(columns.map((column) => [column.id, column])).values()]);
}

function ofTag(key: string, title: string, tag: string): AttributeColumn {
  const field = identifier("tags", tag);
  return { key, title, field, orderKey: field, width: 120 };
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a link that was typed by hand
  }
}
