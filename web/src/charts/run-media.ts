import { useQueries } from "@tanstack/react-query";

import { listMedia, type MediaItem, type MediaKind } from "@/api/media";

import type { ChartRun } from "./define-chart";

export interface RunMedia {
  run: ChartRun;
  /** By step. */
  items: MediaItem[];
}

interface FoundMedia {
  found: RunMedia[];
  /** Keys that any of the runs has of this kind. */
  keys: string[];
  isPending: boolean;
  error: Error | null;
  retry: () => void;
}

const MAX_RUNS = 20;

/** What runs logged under one key, of those that have it; "" stands for the first key there is. */
export function useRunMedia(runs: readonly ChartRun[], kind: MediaKind, key: string): FoundMedia {
  const asked = runs.slice(0, MAX_RUNS);
  const queries = useQueries({ queries: asked.map((run) => listMedia(run.id)) });
  const ofKind = queries.map(({ data }) =>
    (data?.items ?? []).filter((item) => item.kind === kind),
  );
  const keys = [...new Set(ofKind.flat().map((item) => item.key))].sort();
  const wanted = key === "" ? keys[0] : key;
  return {
    found: asked.flatMap((run, at): RunMedia[] => {
      const items = (ofKind[at] ?? []).filter((item) => item.key === wanted);
      return items.length === 0 ? [] : [{ run, items }];
    }),
    keys,
    isPending: queries.some((query) => query.isPending),
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    retry: () => void Promise.all(queries.map((query) => query.refetch())),
  };
}

/** The item of the last step up to one, as a person sees a run's state at that step. */
export function itemAt(items: readonly MediaItem[], step: number): MediaItem | null {
  return items.findLast((item) => item.step <= step) ?? null;
}
