import { queryOptions } from "@tanstack/react-query";

import { get, post } from "./http";
import type {
  CreateSavedView,
  OneSavedView,
  SavedView as WireView,
  SavedViewId,
  SavedViews,
  UpdateSavedView,
} from "./schema";

/** The form of the states that this app writes and reads. */
const STATE_VERSION = 1;

/** A named view of an experiment, shared with everybody who sees the experiment. */
export interface SavedView {
  id: string;
  experimentId: string;
  name: string;
  /** What the address of the runs page restores. */
  state: Record<string, unknown>;
  /** False where a newer app has written a state that this one cannot show. */
  isReadable: boolean;
  version: number;
  isDefault: boolean;
  updatedBy: string;
  /** ms since the epoch. */
  updatedAt: number;
}

export function listViews(experimentId: string) {
  return queryOptions({
    queryKey: ["views", experimentId],
    queryFn: async ({ signal }) => {
      const query = { experiment_id: experimentId };
      const answer = await get<SavedViews>("api/1.0/fluvial/views/list", query, signal);
      return (answer.views ?? []).map(parseView);
    },
  });
}

export async function createView(
  experimentId: string,
  name: string,
  state: Record<string, unknown>,
): Promise<SavedView> {
  const request: CreateSavedView = {
    experiment_id: experimentId,
    name,
    state,
    state_version: STATE_VERSION,
  };
  return parseView((await post<OneSavedView>("api/1.0/fluvial/views/create", request)).view);
}

/** Refused where somebody changed the view since it was read. */
export async function updateView(
  view: SavedView,
  change: { name?: string; state?: Record<string, unknown>; isDefault?: boolean },
): Promise<SavedView> {
  const request: UpdateSavedView = {
    experiment_id: view.experimentId,
    view_id: view.id,
    version: view.version,
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.state === undefined ? {} : { state: change.state, state_version: STATE_VERSION }),
    ...(change.isDefault === undefined ? {} : { is_default: change.isDefault }),
  };
  return parseView((await post<OneSavedView>("api/1.0/fluvial/views/update", request)).view);
}

export async function deleteView(view: SavedView): Promise<void> {
  await post("api/1.0/fluvial/views/delete", placeOf(view));
}

export async function restoreView(view: SavedView): Promise<void> {
  await post("api/1.0/fluvial/views/restore", placeOf(view));
}

function placeOf(view: SavedView): SavedViewId {
  return { experiment_id: view.experimentId, view_id: view.id };
}

function parseView(view: WireView): SavedView {
  return {
    id: view.view_id,
    experimentId: view.experiment_id,
    name: view.name,
    state: view.state,
    isReadable: view.state_version === STATE_VERSION,
    version: view.version,
    isDefault: view.is_default ?? false,
    updatedBy: view.last_updated_by,
    updatedAt: view.last_update_time,
  };
}
