import type { RunColumn } from "./run-columns";

/** More fields than these are asked for only where their columns are in view. */
const FIELDS_AT_ONCE = 60;
const FIELDS_IN_BLOCK = 30;

/** The fields of a table as they are asked for: together, or in blocks of which those in view are. */
export function fieldBlocks(
  fields: readonly (string | null)[],
  pinned: readonly (string | null)[],
  first: number,
  last: number,
): string[][] {
  const all = present([...pinned, ...fields]);
  if (all.length <= FIELDS_AT_ONCE) return [all];
  const blocks: string[][] = [];
  const begin = Math.floor(first / FIELDS_IN_BLOCK) * FIELDS_IN_BLOCK;
  for (let at = begin; at < Math.max(last, begin + 1); at += FIELDS_IN_BLOCK) {
    blocks.push(present(fields.slice(at, at + FIELDS_IN_BLOCK)));
  }
  blocks[0] = present([...pinned, ...(blocks[0] ?? [])]);
  return blocks;
}

/** The fields that a table asks for when it is at its top left: its first page is then asked for once. */
export function firstFields(columns: readonly RunColumn[]): readonly string[] {
  const of = (isPinned: boolean) =>
    columns.filter((one) => one.isPinned === isPinned).map((one) => one.field);
  return fieldBlocks(of(false), of(true), 0, 1)[0] ?? [];
}

function present(fields: readonly (string | null)[]): string[] {
  return [...new Set(fields.filter((field) => field !== null))];
}
