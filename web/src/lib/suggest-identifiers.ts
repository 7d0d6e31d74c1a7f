import { identifier } from "./filter-text";

interface Keys {
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
}

export interface Suggestions {
  /** The part of the text that a suggestion replaces. */
  start: number;
  end: number;
  options: string[];
}

const MAX_OPTIONS = 40;
const ATTRIBUTES = ["status", "start_time", "end_time", "run_name", "run_id"];

/** Names that the word at the cursor may become, or null where no name is being typed. */
export function suggestIdentifiers(text: string, cursor: number, keys: Keys): Suggestions | null {
  const before = text.slice(0, cursor);
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return null; // within a literal
  const word = /[\w.]*(?:`[^`]*)?$/.exec(before)?.[0] ?? "";
  if (word === "" || /^\d/.test(word)) return null;
  const wanted = word.replaceAll("`", "").toLowerCase();
  const options = [
    ...keys.metrics.map((key) => identifier("metrics", key)),
    ...keys.params.map((key) => identifier("params", key)),
    ...ATTRIBUTES.map((key) => identifier("attributes", key)),
    ...keys.tags.map((key) => identifier("tags", key)),
  ].filter((option) => {
    const plain = option.replaceAll("`", "").toLowerCase();
    return plain.includes(wanted) && plain !== wanted;
  });
  if (options.length === 0) return null;
  return { start: cursor - word.length, end: cursor, options: options.slice(0, MAX_OPTIONS) };
}
