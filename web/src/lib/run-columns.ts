import { identifier } from "./filter-text";
import { isSystemMetric } from "./metric-groups";

export type ColumnKind = "attributes" | "metrics" | "params" | "tags";

export interface RunColumn {
  /** `metrics.val/loss`: kind and key; also how a link names the column. */
  id: string;
  kind: ColumnKind;
  key: string;
  title: string;
  /** What the server can order by, or null. */
  orderKey: string | null;
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

const ATTRIBUTES: { key: string; title: string; orderKey: string | null }[] = [
  { key: "status", title: "Status", orderKey: "attributes.status" },
  { key: "start_time", title: "Started", orderKey: "attributes.start_time" },
  { key: "duration", title: "Duration", orderKey: null },
  { key: "user", title: "User", orderKey: "tags.`mlflow.user`" },
  { key: "source", title: "Source", orderKey: "tags.`mlflow.source.name`" },
  { key: "commit", title: "Commit", orderKey: "tags.`mlflow.source.git.commit`" },
  { key: "dataset", title: "Dataset", orderKey: null },
];

const DEFAULT_ATTRIBUTES = ["status", "start_time", "duration"];
/** Columns of a kind that are shown before anybody chose; the rest waits in the column list. */
const N_DEFAULT = 8;

export function toColumn(kind: ColumnKind, key: string): RunColumn {
  const id = `${kind}.${key}`;
  if (kind !== "attributes") return { id, kind, key, title: key, orderKey: identifier(kind, key) };
  const attribute = ATTRIBUTES.find((one) => one.key === key);
  return { id, kind, key, title: attribute?.title ?? key, orderKey: attribute?.orderKey ?? null };
}

/** Every column there is, in the order of the table. MLflow's own tags are shown in other ways. */
export function allColumns(keys: Keys): RunColumn[] {
  return [
    ...ATTRIBUTES.map(({ key }) => toColumn("attributes", key)),
    ...keys.metrics.map((key) => toColumn("metrics", key)),
    ...keys.params.map((key) => toColumn("params", key)),
    ...keys.tags.filter((key) => !key.startsWith("mlflow.")).map((key) => toColumn("tags", key)),
  ];
}

export function defaultColumns(keys: Keys): RunColumn[] {
  return [
    ...DEFAULT_ATTRIBUTES.map((key) => toColumn("attributes", key)),
    ...keys.metrics
      .filter((key) => !isSystemMetric(key))
      .slice(0, N_DEFAULT)
      .map((key) => toColumn("metrics", key)),
    ...keys.params.slice(0, N_DEFAULT).map((key) => toColumn("params", key)),
  ];
}

/** Columns in the table's order, as a link holds them. */
export function encodeColumns(columns: readonly RunColumn[]): string {
  return columns.map(({ kind, key }) => `${kind.charAt(0)}.${encodeURIComponent(key)}`).join(",");
}

export function decodeColumns(text: string): RunColumn[] {
  return text.split(",").flatMap((part) => {
    const kind = KINDS.find((one) => part.startsWith(`${one.kind.charAt(0)}.`))?.kind;
    return kind === undefined ? [] : [toColumn(kind, decodeKey(part.slice(2)))];
  });
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a link that was typed by hand
  }
}
