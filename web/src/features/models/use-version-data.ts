import { useQuery } from "@tanstack/react-query";

import { getLoggedModel } from "@/api/logged-models";
import type { ModelVersion } from "@/api/registry";
import { getRun } from "@/api/runs";

export interface VersionData {
  metrics: Record<string, number>;
  params: Record<string, string>;
  isPending: boolean;
}

/** What was logged to the model that a version is, or else to the run that made it. */
export function useVersionData({ modelId, runId }: ModelVersion): VersionData {
  const model = useQuery(getLoggedModel(modelId));
  const run = useQuery({ ...getRun(runId), enabled: runId !== "" });
  const ofRun = Object.entries(run.data?.metrics ?? {}).map(([key, { value }]) => [key, value]);
  const own = model.data?.metrics ?? {};
  const params = model.data?.params ?? {};
  return {
    metrics: Object.keys(own).length > 0 ? own : (Object.fromEntries(ofRun) as typeof own),
    params: Object.keys(params).length > 0 ? params : (run.data?.params ?? {}),
    isPending: (modelId !== "" && model.isPending) || (runId !== "" && run.isPending),
  };
}
