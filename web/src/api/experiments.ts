import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { quote } from "@/lib/filter-text";

import { get, post } from "./http";
import type {
  KeyValue,
  LifecycleStage,
  ViewType,
  WireExperiment,
  WireExperimentOverview,
} from "./wire";

export interface Experiment {
  id: string;
  name: string;
  artifactLocation: string;
  lifecycleStage: LifecycleStage;
  /** Times are in ms since the epoch. */
  createdAt: number | null;
  updatedAt: number | null;
  tags: Record<string, string>;
}

export interface ExperimentOverview {
  experiment: Experiment;
  nRuns: number;
  nRunning: number;
  lastStartTime: number | null;
}

interface OverviewQuery {
  /** Part of a name; "" for all. */
  text: string;
  viewType: ViewType;
  orderBy: string;
}

const PAGE_SIZE = 50;

export const NOTE_TAG = "mlflow.note.content";

export function searchExperiments({ text, viewType, orderBy }: OverviewQuery) {
  return infiniteQueryOptions({
    queryKey: ["experiments", "overview", { text, viewType, orderBy }],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const answer = await post<{
        experiments?: WireExperimentOverview[];
        next_page_token?: string;
      }>(
        "api/1.0/fluvial/experiments/overview",
        {
          filter: text === "" ? undefined : `name ILIKE ${quote(`%${text}%`)}`,
          order_by: [orderBy],
          max_results: PAGE_SIZE,
          page_token: pageParam === "" ? undefined : pageParam,
          view_type: viewType,
        },
        signal,
      );
      return {
        experiments: (answer.experiments ?? []).map(parseOverview),
        nextPageToken: answer.next_page_token ?? null,
      };
    },
    getNextPageParam: (page) => page.nextPageToken,
  });
}

export function getExperiment(experimentId: string) {
  return queryOptions({
    queryKey: ["experiments", "one", experimentId],
    queryFn: async ({ signal }) => {
      const answer = await get<{ experiment: WireExperiment }>(
        "api/2.0/mlflow/experiments/get",
        { experiment_id: experimentId },
        signal,
      );
      return parseExperiment(answer.experiment);
    },
  });
}

export async function createExperiment(name: string): Promise<string> {
  const answer = await post<{ experiment_id: string }>("api/2.0/mlflow/experiments/create", {
    name,
  });
  return answer.experiment_id;
}

export async function renameExperiment(experimentId: string, name: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/update", { experiment_id: experimentId, new_name: name });
}

export async function deleteExperiment(experimentId: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/delete", { experiment_id: experimentId });
}

export async function restoreExperiment(experimentId: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/restore", { experiment_id: experimentId });
}

export async function setExperimentTag(experimentId: string, tag: KeyValue): Promise<void> {
  await post("api/2.0/mlflow/experiments/set-experiment-tag", {
    experiment_id: experimentId,
    ...tag,
  });
}

function parseOverview(overview: WireExperimentOverview): ExperimentOverview {
  return {
    experiment: parseExperiment(overview.experiment),
    nRuns: overview.n_runs ?? 0,
    nRunning: overview.n_running ?? 0,
    lastStartTime: overview.last_start_time ?? null,
  };
}

function parseExperiment(experiment: WireExperiment): Experiment {
  return {
    id: experiment.experiment_id,
    name: experiment.name,
    artifactLocation: experiment.artifact_location ?? "",
    lifecycleStage: experiment.lifecycle_stage,
    createdAt: experiment.creation_time ?? null,
    updatedAt: experiment.last_update_time ?? null,
    tags: Object.fromEntries((experiment.tags ?? []).map((tag) => [tag.key, tag.value])),
  };
}
