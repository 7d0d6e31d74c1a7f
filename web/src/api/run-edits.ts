import { identifier, quote } from "@/lib/filter-text";

import { post } from "./http";
import { readTable } from "./run-rows";
import type { EditRuns, Tag } from "./schema";

/** So many runs are changed in one call, all or none. */
const AT_ONCE = 1000;

type Change = Omit<EditRuns, "run_ids">;

export async function deleteRuns(runIds: readonly string[]): Promise<void> {
  await edit(runIds, { lifecycle_stage: "deleted" });
}

export async function restoreRuns(runIds: readonly string[]): Promise<void> {
  await edit(runIds, { lifecycle_stage: "active" });
}

export async function tagRuns(
  runIds: readonly string[],
  tags: readonly Tag[],
  deleted: readonly string[],
): Promise<void> {
  await edit(runIds, { set_tags: [...tags], delete_tags: [...deleted] });
}

/** Which of some runs have a tag, and its value, so that they can be given it back. */
export async function readTag(
  experimentIds: readonly string[],
  runIds: readonly string[],
  key: string,
): Promise<Map<string, string>> {
  const field = identifier("tags", key);
  const found = new Map<string, string>();
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    const ids = runIds.slice(at, at + AT_ONCE);
    const { rows } = await readTable(
      {
        experimentIds,
        filter: `attributes.run_id IN (${ids.map(quote).join(", ")})`,
        order: [],
        viewType: "ALL",
        isNested: false,
        isOpen: false,
        toggled: [],
      },
      [field],
      0,
      ids.length,
    );
    for (const { id, cells } of rows) {
      const value = cells[field];
      if (value !== undefined) found.set(id, String(value));
    }
  }
  return found;
}

/** Makes a tag of some runs what it was: runs that are not in `before` did not have it. */
export async function restoreTag(
  runIds: readonly string[],
  key: string,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  await tagRuns(
    runIds.filter((id) => !before.has(id)),
    [],
    [key],
  );
  for (const value of new Set(before.values())) {
    const ids = runIds.filter((id) => before.get(id) === value);
    await tagRuns(ids, [{ key, value }], []);
  }
}

async function edit(runIds: readonly string[], change: Change): Promise<void> {
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    const wanted: EditRuns = { run_ids: runIds.slice(at, at + AT_ONCE), ...change };
    await post("api/1.0/fluvial/runs/edit", wanted);
  }
}
