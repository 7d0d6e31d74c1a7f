import { post } from "./http";
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

async function edit(runIds: readonly string[], change: Change): Promise<void> {
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    const wanted: EditRuns = { run_ids: runIds.slice(at, at + AT_ONCE), ...change };
    await post("api/1.0/fluvial/runs/edit", wanted);
  }
}
