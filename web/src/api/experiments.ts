import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { quote } from "@/lib/filter-text";

import { get, post } from "./http";
import type {
  CreateExperiment,
  Experiment as WireExperiment,
  ExperimentId,
  ExperimentOverview as WireExperimentOverview,
  DeleteExperimentTag,
  ExperimentOverviewsPage,
  LifecycleStage,
  OneExperiment,
  SearchExperimentOverviews,
  SetExperimentTag,
  UpdateExperiment,
  ViewType,
} from "./schema";

export interface Experiment {
  id: string;
  name: string;
  artifactLocation: string;
  lifecycleStage: LifecycleStage;
  /** Times are in ms since the epoch. */
  createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
}

export interface ExperimentOverview {
  experiment: Experiment;
  nRuns: number;
  nRunning: number;
  lastStartTime: number | null;
  /** When a run last began in it, or it was made or renamed. */
  lastActivityTime: number;
}

interface OverviewQuery {
  /** Part of a name, or a filter such as `tags.team = 'vision'`; "" for all. */
  text: string;
  viewType: ViewType;
  orderBy: string;
}

const PAGE_SIZE = 50;

/** The order in which experiments are listed unless somebody chose another. */
export const LATEST_FIRST = "last_activity_time DESC";

export const NOTE_TAG = "mlflow.note.content";

export function searchExperiments({ text, viewType, orderBy }: OverviewQuery) {
  return infiniteQueryOptions({
    queryKey: ["experiments", "overview", { text, viewType, orderBy }],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const answer = await post<ExperimentOverviewsPage>(
        "api/1.0/fluvial/experiments/overview",
        {
          filter: filterOf(text),
          order_by: [orderBy],
          max_results: PAGE_SIZE,
          page_token: pageParam === "" ? undefined : pageParam,
          view_type: viewType,
        } satisfies SearchExperimentOverviews,
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

function filterOf(text: string): string | undefined {
  if (text === "") return undefined;
  return /^(?:tags?\.|name\b|text\s+matches\b|(?:creation|last_\w+)_time\b).*[=<>']/i.test(
    text.trim(),
  )
    ? text
    : `name ILIKE ${quote(`%${text}%`)}`;
}

export function getExperiment(experimentId: string) {
  return queryOptions({
    queryKey: ["experiments", "one", experimentId],
    queryFn: async ({ signal }) => {
      const answer = await get<OneExperiment>(
        "api/2.0/mlflow/experiments/get",
        { experiment_id: experimentId },
        signal,
      );
      return parseExperiment(answer.experiment);
    },
  });
}

export async function createExperiment(name: string): Promise<string> {
  const answer = await post<ExperimentId>("api/2.0/mlflow/experiments/create", {
    name,
  } satisfies CreateExperiment);
  return answer.experiment_id;
}

export async function renameExperiment(experimentId: string, name: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/update", {
    experiment_id: experimentId,
    new_name: name,
  } satisfies UpdateExperiment);
}

export async function setExperimentTag(id: string, key: string, value: string): Promise<void> {
  const wanted: SetExperimentTag = { experiment_id: id, key, value };
  await post("api/2.0/mlflow/experiments/set-experiment-tag", wanted);
}

export async function deleteExperimentTag(id: string, key: string): Promise<void> {
  const wanted: DeleteExperimentTag = { experiment_id: id, key };
  await post("api/2.0/mlflow/experiments/delete-experiment-tag", wanted);
}

export async function deleteExperiment(experimentId: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/delete", { experiment_id: experimentId });
}

export async function restoreExperiment(experimentId: string): Promise<void> {
  await post("api/2.0/mlflow/experiments/restore", { experiment_id: experimentId });
}

function parseOverview(overview: WireExperimentOverview): ExperimentOverview {
  return {
    experiment: parseExperiment(overview.experiment),
    nRuns: overview.n_runs,
    nRunning: overview.n_running,
    lastStartTime: overview.last_start_time ?? null,
    lastActivityTime: overview.last_activity_time,
  };
}

function parseExperiment(experiment: WireExperiment): Experiment {
  return {
    id: experiment.experiment_id,
    name: experiment.name,
    artifactLocation: experiment.artifact_location,
    lifecycleStage: experiment.lifecycle_stage,
    createdAt: experiment.creation_time,
    updatedAt: experiment.last_update_time,
    tags: Object.fromEntries((experiment.tags ?? []).map((tag) => [tag.key, tag.value ?? ""])),
  };
}
