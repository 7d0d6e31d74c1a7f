import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { searchRuns, type Run } from "@/api/runs";
import type { ViewType } from "@/api/schema";

interface RunListRequest {
  experimentId: string;
  filter: string;
  orderBy: string;
  viewType: ViewType;
  isFlat: boolean;
}

export interface RunList {
  query: ReturnType<typeof useRunPages>;
  /** The runs that match, as far as they have been loaded, in the server's order. */
  runs: Run[];
  /** Parents of those that do not match themselves; shown to hold their families together. */
  parents: Run[];
}

export function useRunList({ isFlat, ...request }: RunListRequest): RunList {
  const query = useRunPages(request);
  const pages = query.data?.pages;
  return useMemo(() => {
    // Pages are cut by offset: a run that starts between two of them moves one into the next.
    const runs = unique((pages ?? []).flatMap((page) => page.runs));
    const matching = new Set(runs.map((run) => run.id));
    const parents = isFlat
      ? []
      : unique((pages ?? []).flatMap((page) => page.parents)).filter(
          (run) => !matching.has(run.id),
        );
    return { query, runs, parents };
  }, [query, pages, isFlat]);
}

function useRunPages(request: Omit<RunListRequest, "isFlat">) {
  return useInfiniteQuery(searchRuns(request));
}

function unique(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}
