import { useEffect, useMemo } from "react";

import { assignRunColors, N_RUN_COLORS, type RunColor } from "@/lib/run-colors";

const KEY = "fluvial.run-colors";
/** The last that were shown. */
const MOST_KEPT = 1000;

let kept: Map<string, number> | null = null;

/** A colour for each run: the one that it had on whatever page of this browser, where that is free here. */
export function useRunColors(
  runs: readonly { id: string; startTime: number }[],
): ReadonlyMap<string, RunColor> {
  const colors = useMemo(() => assignRunColors(runs, knownColors()), [runs]);
  useEffect(() => keep(colors), [colors]);
  return colors;
}

/** Another tab has shown runs since. */
export function forgetColors(): void {
  kept = null;
}

window.addEventListener("storage", ({ key }) => {
  if (key === KEY || key === null) forgetColors();
});

function knownColors(): Map<string, number> {
  kept ??= new Map(parse(localStorage.getItem(KEY)));
  return kept;
}

function keep(colors: ReadonlyMap<string, RunColor>): void {
  const known = knownColors();
  const news = [...colors].filter(([id, { index }]) => known.get(id) !== index);
  if (news.length === 0) return;
  for (const [id, { index }] of news) {
    known.delete(id); // the last that were shown come last
    known.set(id, index);
  }
  kept = new Map([...known].slice(-MOST_KEPT));
  localStorage.setItem(KEY, JSON.stringify([...kept]));
}

/** What was kept; nothing of what this version does not know. */
function parse(text: string | null): [string, number][] {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "[]");
  } catch {
    return []; // not written by this app
  }
  if (!Array.isArray(found)) return [];
  return found.filter(
    (entry: unknown): entry is [string, number] =>
      Array.isArray(entry) &&
      typeof entry[0] === "string" &&
      Number.isInteger(entry[1]) &&
      entry[1] >= 0 &&
      entry[1] < N_RUN_COLORS,
  );
}
