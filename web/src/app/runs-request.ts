/** What the runs page asks the server for, from what its address says. */

import type { TableRequest } from "@/api/run-rows";
import type { RunColumns } from "@/api/runs";
import { decodeColumns, defaultColumns, type RunColumn } from "@/lib/run-columns";

import type { RunsSearch } from "./search-params";

type WhichRuns = {
  [Key in "filter" | "order" | "view" | "flat" | "open" | "group"]?: RunsSearch[Key] | undefined;
};

const NO_FIELDS: readonly string[] = [];

/** @param toggled Runs whose families are not as the others. */
export function tableRequest(
  experimentIds: readonly string[],
  {
    filter = "",
    order = NO_FIELDS,
    view,
    flat: isFlat = false,
    open,
    group = NO_FIELDS,
  }: WhichRuns,
  toggled: readonly string[] = NO_FIELDS,
): TableRequest {
  return {
    experimentIds,
    filter,
    order,
    viewType: view === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY",
    isNested: !isFlat && group.length === 0,
    // A search finds what is within others: it is shown where it is.
    isOpen: open ?? filter !== "",
    toggled,
  };
}

export function shownColumns(
  encoded: string | undefined,
  names: RunColumns,
  nExperiments: number,
): RunColumn[] {
  return encoded === undefined ? defaultColumns(names, nExperiments) : decodeColumns(encoded);
}
