/** Chosen runs: some, or all that match but some; so that a hundred thousand are chosen as easily as two. */
export interface Selection {
  isAll: boolean;
  ids: ReadonlySet<string>;
}

export const NOTHING_SELECTED: Selection = { isAll: false, ids: new Set() };

export function isSelected({ isAll, ids }: Selection, id: string): boolean {
  return isAll !== ids.has(id);
}

/** @param nRuns How many runs match. */
export function countSelected({ isAll, ids }: Selection, nRuns: number): number {
  return isAll ? Math.max(0, nRuns - ids.size) : ids.size;
}

export function withSelected(
  selection: Selection,
  runIds: readonly string[],
  selects: boolean,
): Selection {
  const ids = new Set(selection.ids);
  for (const id of runIds) {
    if (selects === selection.isAll) ids.delete(id);
    else ids.add(id);
  }
  return { isAll: selection.isAll, ids };
}
