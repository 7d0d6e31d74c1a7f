import { useQueryClient } from "@tanstack/react-query";

import { getMetricNames } from "@/api/metric-names";
import { loadCode } from "@/api/load-code";

import type { RunsSearch } from "../search-params";
import type { useRunsView } from "./use-runs-view";

interface ShownView {
  experimentId: string;
  experimentName: string;
  search: RunsSearch;
  showsCharts: boolean;
  view: ReturnType<typeof useRunsView>;
}

/** Writes what the runs page shows as the text of a report. */
export function useViewReport(shown: ShownView): () => Promise<string> {
  const queries = useQueryClient();

  return async () => {
    const { experimentId, experimentName, search, showsCharts, view } = shown;
    const muted = new Set(search.muted);
    const all = view.charted.map(({ id }) => id);
    const runIds = all.filter((id) => !muted.has(id));
    const [{ viewReport }, metrics] = await Promise.all([
      // What writes reports is loaded when somebody wants one.
      loadCode(() => import("@/features/metrics/view-report")),
      all.length === 0 ? null : queries.fetchQuery(getMetricNames(experimentId, all)),
    ]);
    return viewReport({
      // A name of digits would be taken for an id.
      experiment: /^\d+$/.test(experimentName) ? experimentId : experimentName,
      filter: view.request.filter,
      orderBy: view.request.order,
      runIds,
      isChosen: view.hasChosen || runIds.length < all.length,
      charts: showsCharts ? search : null,
      groupBy: view.groupBy,
      metrics: metrics ?? { keys: [], curves: new Set() },
      columns: view.columns.map(({ kind, key }) => `${kind}.${key}`),
    });
  };
}
