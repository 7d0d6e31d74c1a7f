import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { quote } from "@/lib/filter-text";

import { get, post } from "./http";
import type {
  FoundEverywhere,
  RegisteredModelsPage,
  RunStatus,
  SearchEverywhere as Request,
} from "./schema";

export interface FoundThings {
  experiments: { id: string; name: string }[];
  runs: {
    id: string;
    name: string;
    experimentId: string;
    experimentName: string;
    status: RunStatus;
    /** ms since the epoch. */
    startTime: number;
  }[];
  views: { id: string; name: string; experimentId: string; experimentName: string }[];
  reports: { id: string; title: string }[];
  /** Names of registered models. */
  models: string[];
}

const MOST_MODELS = 8;

/** What a text names: experiments, runs, saved views, reports. */
export function searchEverywhere(text: string) {
  return queryOptions({
    queryKey: ["everywhere", text],
    enabled: text !== "",
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<FoundThings> => {
      const pattern = quote(`%${text.replaceAll(/[\\%_]/g, "")}%`);
      const [found, registered] = await Promise.all([
        post<FoundEverywhere>("api/1.0/fluvial/search", { text } satisfies Request, signal),
        get<RegisteredModelsPage>(
          "api/2.0/mlflow/registered-models/search",
          { filter: `name ILIKE ${pattern}`, max_results: String(MOST_MODELS) },
          signal,
        ),
      ]);
      return {
        experiments: (found.experiments ?? []).map(({ experiment_id: id, name }) => ({ id, name })),
        runs: (found.runs ?? []).map((run) => ({
          id: run.run_id,
          name: run.run_name,
          experimentId: run.experiment_id,
          experimentName: run.experiment_name,
          status: run.status,
          startTime: run.start_time,
        })),
        views: (found.views ?? []).map((view) => ({
          id: view.view_id,
          name: view.name,
          experimentId: view.experiment_id,
          experimentName: view.experiment_name,
        })),
        reports: (found.reports ?? []).map(({ report_id: id, title }) => ({ id, title })),
        models: (registered.registered_models ?? []).map(({ name }) => name),
      };
    },
  });
}
