import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { readTable, type TableRow } from "@/api/run-rows";
import { findColumnNames, getTableHead } from "@/api/run-table";
import { useRunColors } from "@/components/run-colors";
import { useRunGroups, type GroupHead } from "@/features/runs/use-run-groups";
import { assignRunColors, N_RUN_COLORS, type RunColor } from "@/lib/run-colors";
import { groupLabel } from "@/lib/run-fields";
import { isSelected, withSelected, type Selection } from "@/lib/run-selection";
import { firstFields } from "@/lib/table-fields";
import { locate, type PlacedSection } from "@/lib/table-sections";

import { shownColumns, tableRequest } from "../runs-request";
import type { RunsSearch } from "../search-params";

const NO_KEYS = { params: [], metrics: [], tags: [] };
const NO_ROWS: readonly TableRow[] = [];
const NO_FIELDS: readonly string[] = [];
const NO_COLORS: ReadonlyMap<string, RunColor> = new Map();

/** What the runs page shows, from what its address says. */
export function useRunsView(
  experimentIds: readonly string[],
  search: RunsSearch,
  patch: (change: RunsSearch) => void,
) {
  const names = useQuery(findColumnNames(experimentIds)).data;
  const columns = useMemo(
    () => shownColumns(search.columns, names ?? NO_KEYS, experimentIds.length),
    [search.columns, names, experimentIds],
  );
  const groupBy = search.group ?? NO_FIELDS;
  const [toggled, setToggled] = useState<readonly string[]>([]);
  const { filter, order, view, flat, open, group } = search;
  const request = useMemo(
    () => tableRequest(experimentIds, { filter, order, view, flat, open, group }, toggled),
    [experimentIds, filter, order, view, flat, open, group, toggled],
  );

  // Until the names are there, nobody knows which fields are shown.
  const isReady = search.columns !== undefined || names !== undefined;
  const fields = useMemo(() => firstFields(columns), [columns]);
  const head = useQuery({ ...getTableHead(request, fields), enabled: isReady });
  // While the answer to a new request is awaited, the table of the one before stays.
  const [shownRequest, setShownRequest] = useState(request);
  if (!head.isPlaceholderData && shownRequest !== request) setShownRequest(request);

  const groups = useRunGroups({ request: shownRequest, groupBy, columns, head: head.data });
  const firstRows = head.data?.rows ?? NO_ROWS;

  const selection = useMemo(
    (): Selection => ({ isAll: search.all === true, ids: new Set(search.selected) }),
    [search.all, search.selected],
  );
  // A mean of the first ten runs would say little.
  const isAveraged = (search.average ?? groupBy).length > 0;
  const { charted, colored, hasChosen } = useMemo(
    () => chooseCharted(firstRows, selection, isAveraged ? firstRows.length : N_RUN_COLORS),
    [firstRows, selection, isAveraged],
  );
  const colors = useRunColors(colored);
  const groupColors = useMemo(() => colorGroups(groups.sections), [groups.sections]);
  const setSelection = ({ isAll, ids }: Selection) =>
    patch({ all: isAll || undefined, selected: ids.size === 0 ? undefined : [...ids] });

  return {
    columns,
    names: names ?? NO_KEYS,
    /** True if there are more runs to draw than are drawn, and nobody chose these. */
    isCut: !hasChosen && firstRows.length > charted.length,
    /** Whether somebody chose the runs to draw. */
    hasChosen,
    groupBy,
    request,
    shownRequest,
    head,
    groups,
    charted,
    colors,
    /** Those of the table: where curves are averaged, no run has one. */
    rowColors: isAveraged ? NO_COLORS : colors,
    groupColors: search.average === undefined ? groupColors : NO_COLORS,
    selection,
    patch,
    error: head.error,
    isStale: head.isPlaceholderData,
    /** How many runs match; null until that is known. */
    nRuns: head.data?.nRuns ?? null,
    toggleFamily: useCallback(
      (runId: string) =>
        setToggled((before) =>
          before.includes(runId) ? before.filter((one) => one !== runId) : [...before, runId],
        ),
      [],
    ),
    select: (runIds: readonly string[], selects: boolean) =>
      setSelection(withSelected(selection, runIds, selects)),
    selectAll: (selects: boolean) => setSelection({ isAll: selects, ids: new Set() }),
    /** Selects rows that need not have been loaded. */
    selectRange: async (from: number, to: number, selects: boolean) => {
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      const begin = locate(groups.sections, first);
      const end = locate(groups.sections, last);
      if (begin === null || end === null) return;
      // Within one group: which runs lie between two groups, nobody could say.
      const offset = begin.section.filter === end.section.filter ? Math.max(0, begin.offset) : 0;
      const { rows } = await readTable(
        { ...shownRequest, filter: end.section.filter },
        [],
        offset,
        end.offset + 1 - offset,
      );
      setSelection(
        withSelected(
          selection,
          rows.map((row) => row.id),
          selects,
        ),
      );
    },
    clearSelection: () => patch({ selected: undefined, all: undefined }),
  };
}

/**
 * The runs to draw: the selected ones, else the first of the table; and those that have a colour.
 *
 * Colours go to the first runs and the selected ones together, so that a run that is drawn already
 * keeps its colour when it is selected.
 */
function chooseCharted(rows: readonly TableRow[], selection: Selection, most: number) {
  const first = rows.slice(0, most);
  const chosen = rows.filter((row) => isSelected(selection, row.id));
  const hasChosen = chosen.length > 0 && !selection.isAll;
  return {
    hasChosen,
    charted: hasChosen ? chosen : first,
    colored: [...new Set([...first, ...(selection.isAll ? [] : chosen)])],
  };
}

/** Colours by label: the same whatever the table is ordered by. */
function colorGroups(sections: readonly PlacedSection<GroupHead>[]) {
  return assignRunColors(
    sections.flatMap(({ head }) =>
      head === null ? [] : [{ id: groupLabel(head.group.values), startTime: 0 }],
    ),
  );
}
