import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { quote } from "@/lib/filter-text";

import { ApiError, get, post } from "./http";
import { parseNumber } from "./number";
import type {
  DatasetInput as WireDatasetInput,
  ForkRun,
  LifecycleStage,
  OneRun,
  Run as WireRun,
  RunsPage,
  RunStatus,
  SearchRuns,
  SetTag,
  StopRun,
  Tag,
  UpdateRun,
} from "./schema";

export interface LatestMetric {
  value: number;
  step: number;
  timestamp: number;
}

export interface DatasetInput {
  name: string;
  digest: string;
  context: string | null;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
}

/** A run, with times in ms since the epoch. */
export interface Run {
  id: string;
  name: string;
  experimentId: string;
  status: RunStatus;
  startTime: number;
  endTime: number | null;
  lifecycleStage: LifecycleStage;
  user: string;
  artifactUri: string;
  parentId: string | null;
  params: Record<string, string>;
  metrics: Record<string, LatestMetric>;
  tags: Record<string, string>;
  datasets: DatasetInput[];
  modelIds: string[];
}

/** Names of what runs logged. */
export interface RunColumns {
  params: string[];
  metrics: string[];
  tags: string[];
}

const PAGE_SIZE = 100;
const PARENT_TAG = "mlflow.parentRunId";
export const ORIGIN_TAG = "fluvial.forked_from";
export const STOP_TAG = "fluvial.stop_requested";

/** Runs by their ids, in the order of the ids: of an experiment in one call, the others one by one. */
export function getRuns(experimentId: string, runIds: readonly string[]) {
  return queryOptions({
    queryKey: ["runs", "search", experimentId, { runIds }],
    enabled: runIds.length > 0,
    queryFn: async ({ signal }) => {
      const { runs } = await findRuns(byIds(experimentId, runIds), signal);
      const found = new Map(runs.map((run) => [run.id, run]));
      const elsewhere = runIds.filter((runId) => !found.has(runId));
      for (const run of await Promise.all(elsewhere.map((runId) => findRun(runId, signal)))) {
        if (run !== null) found.set(run.id, run);
      }
      return runIds.flatMap((runId) => found.get(runId) ?? []);
    },
  });
}

export function getChildRuns(experimentId: string, runId: string) {
  return infiniteQueryOptions({
    queryKey: ["runs", "search", experimentId, { parentId: runId }],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      findRuns(
        {
          experiment_ids: [experimentId],
          filter: `tags.\`${PARENT_TAG}\` = ${quote(runId)}`,
          max_results: PAGE_SIZE,
          page_token: pageParam === "" ? undefined : pageParam,
        },
        signal,
      ),
    getNextPageParam: (page) => page.nextPageToken,
  });
}

export function getRun(runId: string) {
  return queryOptions({
    queryKey: ["runs", "one", runId],
    queryFn: async ({ signal }) => {
      const answer = await get<OneRun>("api/2.0/mlflow/runs/get", { run_id: runId }, signal);
      return parseRun(answer.run);
    },
  });
}

/** Runs that begin with this one's history. */
export function getForks(experimentId: string, runId: string) {
  return queryOptions({
    queryKey: ["runs", "search", experimentId, { forkedFrom: runId }],
    queryFn: async ({ signal }) => {
      const { runs } = await findRuns(
        {
          experiment_ids: [experimentId],
          filter: `tags.\`${ORIGIN_TAG}\` = ${quote(runId)}`,
          max_results: PAGE_SIZE,
        },
        signal,
      );
      return runs;
    },
  });
}

/** Begins a run that has this one's history up to a step, that one included; its id. */
export async function forkRun(runId: string, step: number, name: string): Promise<Run> {
  const wanted: ForkRun = { run_id: runId, step, run_name: name };
  const answer = await post<OneRun>("api/1.0/fluvial/runs/fork", wanted);
  return parseRun(answer.run);
}

/** Asks the program of a run to end it. */
export async function stopRun(runId: string): Promise<void> {
  await post("api/1.0/fluvial/runs/stop", { run_id: runId } satisfies StopRun);
}

export async function renameRun(runId: string, name: string): Promise<void> {
  await post("api/2.0/mlflow/runs/update", {
    run_id: runId,
    run_name: name,
  } satisfies UpdateRun);
}

export async function setRunTag(runId: string, tag: Tag): Promise<void> {
  await post("api/2.0/mlflow/runs/set-tag", { run_id: runId, ...tag } satisfies SetTag);
}

export async function deleteRunTag(runId: string, key: string): Promise<void> {
  await post("api/2.0/mlflow/runs/delete-tag", { run_id: runId, key });
}

async function findRun(runId: string, signal: AbortSignal): Promise<Run | null> {
  try {
    const answer = await get<OneRun>("api/2.0/mlflow/runs/get", { run_id: runId }, signal);
    return parseRun(answer.run);
  } catch (error) {
    // A link may be older than the runs that it names.
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return null;
    throw error;
  }
}

async function findRuns(request: SearchRuns, signal: AbortSignal) {
  const answer = await post<RunsPage>("api/2.0/mlflow/runs/search", request, signal);
  return {
    runs: (answer.runs ?? []).map(parseRun),
    nextPageToken: answer.next_page_token ?? null,
  };
}

function byIds(experimentId: string, runIds: readonly string[]): SearchRuns {
  return {
    experiment_ids: experimentId.split(","),
    filter: `attributes.run_id IN (${runIds.map(quote).join(", ")})`,
    run_view_type: "ALL",
    max_results: runIds.length,
  };
}

function parseRun({ info, data, inputs, outputs }: WireRun): Run {
  const tags = Object.fromEntries((data.tags ?? []).map((tag) => [tag.key, tag.value ?? ""]));
  return {
    id: info.run_id,
    name: info.run_name ?? info.run_id,
    experimentId: info.experiment_id,
    status: info.status,
    startTime: info.start_time ?? 0,
    endTime: info.end_time ?? null,
    lifecycleStage: info.lifecycle_stage,
    user: tags["mlflow.user"] ?? info.user_id ?? "",
    artifactUri: info.artifact_uri ?? "",
    parentId: tags[PARENT_TAG] ?? null,
    params: Object.fromEntries((data.params ?? []).map((param) => [param.key, param.value ?? ""])),
    metrics: Object.fromEntries(
      (data.metrics ?? []).map(({ key, value, step, timestamp }) => [
        key,
        { value: parseNumber(value), step: step ?? 0, timestamp },
      ]),
    ),
    tags,
    datasets: (inputs?.dataset_inputs ?? []).map(parseDataset),
    modelIds: (outputs?.model_outputs ?? []).map((model) => model.model_id),
  };
}

function parseDataset({ dataset, tags = [] }: WireDatasetInput): DatasetInput {
  return {
    name: dataset.name,
    digest: dataset.digest,
    context: tags.find((tag) => tag.key === "mlflow.data.context")?.value ?? null,
    sourceType: dataset.source_type ?? "",
    source: dataset.source ?? "",
    schema: dataset.schema ?? null,
    profile: dataset.profile ?? null,
  };
}
