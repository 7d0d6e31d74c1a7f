import { identifier } from "./filter-text";
import { isSystemMetric } from "./metric-groups";

interface Keys {
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
}

const NUMBERS = ["duration", "start_time", "end_time"];
const TEXTS = ["status", "user_id", "run_name"];

/** Names of fields in the search language, which charts over runs are made of. */
export function fieldChoices(keys: Keys, of: "numbers" | "texts" | "all"): string[] {
  const params = keys.params.map((key) => identifier("params", key));
  const metrics = [...keys.metrics]
    .sort((a, b) => Number(isSystemMetric(a)) - Number(isSystemMetric(b)))
    .flatMap((key) => {
      const last = identifier("metrics", key);
      return [last, `min(${last})`, `max(${last})`];
    });
  const tags = keys.tags
    .filter((key) => !key.startsWith("mlflow."))
    .map((key) => identifier("tags", key));
  if (of === "texts") return [...params, ...tags, ...TEXTS];
  if (of === "numbers") return [...metrics, ...params, ...NUMBERS];
  return [...params, ...metrics, ...NUMBERS, ...tags, ...TEXTS];
}

const TITLES: Record<string, string> = {
  experiment_name: "experiment",
  run_name: "name",
  user_id: "user",
  start_time: "start time",
  end_time: "end time",
};

/** A field as a label: ``max(metrics.`val loss`)`` is `max(val loss)`. */
export function fieldTitle(field: string): string {
  const plain = field.replace(/^attributes\./, "");
  return TITLES[plain] ?? plain.replace(/\b(?:params|metrics|tags)\./, "").replaceAll("`", "");
}

/** What a chart of a field over groups is called; `group` is "" for none. */
export function titleByGroup(value: string, group: string): string {
  return group === "" ? fieldTitle(value) : `${fieldTitle(value)} by ${fieldTitle(group)}`;
}

/** True if the field's values are times in ms since the epoch. */
export function isTimeField(field: string): boolean {
  return field === "start_time" || field === "end_time";
}

/** What names a group of runs: their value of each field that they share. */
export function groupLabel(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? "none").join(" · ");
}

interface Described {
  name: string;
  status: string;
  user: string;
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

/** The key of a field of params or tags; null of another. */
function textKey(field: string): { noun: "params" | "tags"; key: string } | null {
  const [, noun, key = ""] = /^(params|tags)\.`?(.*?)`?$/.exec(field) ?? [];
  return noun === "params" || noun === "tags" ? { noun, key } : null;
}

/** What a run has of a field that holds text. */
export function textOfField(run: Described, field: string): string | null {
  const { noun, key } = textKey(field) ?? {};
  if (noun !== undefined) return run[noun][key ?? ""] ?? null;
  switch (field.replace(/^attributes\./, "")) {
    case "status":
      return run.status;
    case "user_id":
      return run.user;
    case "run_name":
      return run.name;
    default:
      return null;
  }
}
