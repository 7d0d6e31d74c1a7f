/** What may be typed next in a filter. */
export type Wanted =
  | { kind: "name"; start: number; typed: string }
  | { kind: "operator"; start: number; typed: string; isNumber: boolean }
  | { kind: "value"; start: number; typed: string; field: string };

const FIELD = String.raw`(?:metrics|params|tags)\.(?:\`[^\`]*\`|[^\s()=!<>~,;'"\`]+)|(?:attributes\.)?(?:status|run_name|user_id|experiment_name|duration|start_time|end_time)`;
const VALUE_OF = new RegExp(
  String.raw`(?:^|[\s(])(${FIELD})\s*(?:==?|!=|<>|(?:NOT\s+)?IN\s*\((?:\s*'(?:[^']|'')*'\s*,)*)\s*('(?:[^']|'')*)?$`,
  "i",
);
const OPERATOR_OF = new RegExp(String.raw`(?:^|[\s(])((?:\w+\()?(?:${FIELD})\)?)\s+([a-z]*)$`, "i");
const TEXT_FIELD = /^(?:params|tags)\.|(?:status|run_name|user_id|experiment_name)$/;

export const NUMBER_OPERATORS = [
  "<",
  "<=",
  ">",
  ">=",
  "=",
  "!=",
  "BETWEEN",
  "IS NULL",
  "IS NOT NULL",
];
export const TEXT_OPERATORS = [
  "=",
  "!=",
  "IN",
  "NOT IN",
  "LIKE",
  "ILIKE",
  "RLIKE",
  "IS NULL",
  "IS NOT NULL",
];

export const ATTRIBUTE_FIELDS = [
  "attributes.status",
  "attributes.run_name",
  "attributes.user_id",
  "attributes.start_time",
  "attributes.end_time",
  "attributes.duration",
  "attributes.run_id",
  "attributes.experiment_name",
];

export function isTextField(field: string): boolean {
  return TEXT_FIELD.test(field);
}

/** What the word before the cursor may become; null where nobody could say. */
export function wantedAt(text: string, cursor: number): Wanted | null {
  const before = text.slice(0, cursor);
  const value = VALUE_OF.exec(before);
  const field = value?.[1];
  if (value !== null && field !== undefined && isTextField(field)) {
    const typed = value[2] ?? "";
    return {
      kind: "value",
      start: cursor - typed.length,
      typed: typed.slice(1).replaceAll("''", "'"),
      field,
    };
  }
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return null; // within a literal
  const operator = OPERATOR_OF.exec(before);
  if (operator !== null) {
    const typed = operator[2] ?? "";
    const isNumber = !isTextField(operator[1] ?? "");
    return { kind: "operator", start: cursor - typed.length, typed, isNumber };
  }
  const word = /[\w.]*(?:`[^`]*)?$/.exec(before)?.[0] ?? "";
  if (word === "" || /^\d/.test(word)) return null;
  return { kind: "name", start: cursor - word.length, typed: word };
}

/** The part of a name to look for: `met` of anything, `loss` of `` metrics.`loss ``. */
export function nameTyped(typed: string): string {
  return typed.replace(/^(?:metrics?|params?|tags?|attributes?)\./i, "").replaceAll("`", "");
}
