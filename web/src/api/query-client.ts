import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "./http";
import type { Change } from "./events";

const TRIES = 2;
/** Kinds of changes that leave what tables and charts show of a run. */
const NO_RUN_KINDS = new Set(["experiment", "artifacts", "view", "report", "registry", "models"]);

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A refusal stays a refusal; only a server that is away or broken is asked again.
        retry: (nFailures, error) =>
          nFailures < TRIES &&
          error instanceof ApiError &&
          (error.status === 0 || error.status >= 500),
        refetchOnWindowFocus: false,
      },
    },
  });
}

/** Whether a change may have made the answer to a query stale. */
export function affects(change: Change, queryKey: readonly unknown[]): boolean {
  const { experiment_id: experimentId, run_id: runId, kinds } = change;
  if (kinds.length === 0) return true;
  const [noun, what, id] = queryKey;
  const isRun = kinds.some((kind) => !NO_RUN_KINDS.has(kind));
  switch (noun) {
    case "experiments":
      return kinds.includes("experiment") || (what === "overview" && kinds.includes("run"));
    case "runs":
      if (what === "one") return isRun && id === runId;
      // A table may be of several experiments.
      return isRun && (experimentId === null || String(id).split(",").includes(experimentId));
    case "curves":
      return kinds.includes("metrics") && (runId === null || ofRuns(id).includes(runId));
    case "artifacts":
      // What is being read stays as it is under the reader's eyes.
      return kinds.includes("artifacts") && what === runId && id !== "text" && id !== "bytes";
    case "views":
      return kinds.includes("view") && what === experimentId;
    case "reports":
      return kinds.includes("report");
    case "registry":
      return kinds.includes("registry");
    case "models":
      return kinds.includes("models") || kinds.includes("metrics");
    case "panels":
      return isRun;
    default:
      return false;
  }
}

function ofRuns(range: unknown): readonly string[] {
  return (range as { runIds: readonly string[] }).runIds;
}
