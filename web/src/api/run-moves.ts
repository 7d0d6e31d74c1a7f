import { post } from "./http";
import type { MovedRuns, MoveRuns, RunsOfExperiment } from "./schema";

/** So many runs are moved in one call, all or none. */
const AT_ONCE = 1000;

/** Which runs were moved, and from where: what it takes to move them back. */
export type Moved = readonly RunsOfExperiment[];

/** Moves runs, and those that are nested in them, to another experiment. */
export async function moveRuns(runIds: readonly string[], experimentId: string): Promise<Moved> {
  return move(runIds, experimentId, true);
}

export async function moveBack(moved: Moved): Promise<void> {
  for (const { experiment_id, run_ids } of moved) await move(run_ids, experiment_id, false);
}

export function countMoved(moved: Moved): number {
  return moved.reduce((n, { run_ids }) => n + run_ids.length, 0);
}

async function move(
  runIds: readonly string[],
  experimentId: string,
  movesChildren: boolean,
): Promise<Moved> {
  const moved: RunsOfExperiment[] = [];
  for (let at = 0; at < runIds.length; at += AT_ONCE) {
    const answer = await post<MovedRuns>("api/1.0/fluvial/runs/move", {
      run_ids: runIds.slice(at, at + AT_ONCE),
      experiment_id: experimentId,
      moves_children: movesChildren,
    } satisfies MoveRuns);
    moved.push(...(answer.came_from ?? []));
  }
  return moved;
}
