export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One line of a JSON tree as it is shown. */
export interface JsonLine {
  /** Where the value is, as a JSON pointer; also the line's identity. */
  pointer: string;
  depth: number;
  /** Name or index within the parent; null for the root. */
  label: string | null;
  value: Json;
  /** Number of members of an object or array, null for any other value. */
  nChildren: number | null;
}

/**
 * The lines to show when the members of the values in `open` are shown.
 *
 * Only what is open is walked, so a document of many megabytes costs what is on the screen.
 */
export function visibleLines(root: Json, open: ReadonlySet<string>): JsonLine[] {
  const lines: JsonLine[] = [];
  const walk = (value: Json, label: string | null, pointer: string, depth: number) => {
    const isBranch = value !== null && typeof value === "object";
    const members = isBranch ? Object.entries(value) : [];
    lines.push({ pointer, depth, label, value, nChildren: isBranch ? members.length : null });
    if (!open.has(pointer)) return;
    for (const [key, member] of members) walk(member, key, `${pointer}/${escape(key)}`, depth + 1);
  };
  walk(root, null, "", 0);
  return lines;
}

/** The pointers to open so that about `maxLines` lines show, nearest to the root first. */
export function openToLines(root: Json, maxLines: number): Set<string> {
  const open = new Set<string>();
  let nLines = 1;
  let level: [string, Json][] = [["", root]];
  while (level.length > 0) {
    const next: [string, Json][] = [];
    for (const [pointer, value] of level) {
      if (value === null || typeof value !== "object") continue;
      const members = Object.entries(value);
      if (nLines + members.length > maxLines && open.size > 0) continue;
      open.add(pointer);
      nLines += members.length;
      for (const [key, member] of members) next.push([`${pointer}/${escape(key)}`, member]);
    }
    level = next;
  }
  return open;
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
