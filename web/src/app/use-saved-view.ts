import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { listViews, type SavedView } from "@/api/saved-views";
import { viewState } from "@/lib/view-state";

import { parseRunsSearch, type RunsSearch } from "./search-params";

/** What `saved` says of a page that was asked to show no view. */
export const NO_VIEW = "none";

/** What the address says of the page when a view is shown. */
export function searchOfView(view: SavedView | null): RunsSearch {
  return view === null ? { saved: NO_VIEW } : { ...parseRunsSearch(view.state), saved: view.id };
}

/**
 * Shows the view that a bare link names, or the one that the experiment opens with.
 *
 * A link that says more than which view it is shows what it says.
 */
export function useSavedView(
  experimentId: string,
  search: RunsSearch,
  show: (next: RunsSearch) => void,
): void {
  const isBare = Object.keys(viewState(search)).length === 0 && search.saved !== NO_VIEW;
  const views = useQuery({ ...listViews(experimentId), enabled: isBare }).data;
  const wanted = isBare
    ? views?.find((view) =>
        search.saved === undefined ? view.isDefault : view.id === search.saved,
      )
    : undefined;
  const isShown = wanted === undefined || Object.keys(wanted.state).length === 0;

  useEffect(() => {
    if (!isShown) show({ selected: search.selected, ...searchOfView(wanted) });
  }, [isShown, wanted, search.selected, show]);
}
