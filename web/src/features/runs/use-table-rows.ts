import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { TABLE_PAGE, type TablePart, type TableRequest, type TableRow } from "@/api/run-rows";
import { getTablePage } from "@/api/run-table";
import { locate, tilesOf, type PlacedSection } from "@/lib/table-sections";

import type { GroupHead } from "./use-run-groups";

export type TableLine =
  | { kind: "run"; row: TableRow; peers: readonly string[] }
  | { kind: "group"; head: GroupHead }
  | { kind: "waiting" }
  | { kind: "failed"; error: Error; retry: () => void };

interface RowsRequest {
  request: TableRequest;
  sections: readonly PlacedSection<GroupHead>[];
  /** The rows to have, from the first to before the last. */
  first: number;
  last: number;
  /** For each of these a query of its own. */
  blocks: readonly (readonly string[])[];
}

const WAITING: TableLine = { kind: "waiting" };

/** The rows of a part of the table, as far as they are there; the others come when they come. */
export function useTableRows({ request, sections, first, last, blocks }: RowsRequest) {
  const tiles = useMemo(() => tilesOf(sections, first, last, TABLE_PAGE), [sections, first, last]);
  const combine = useCallback(
    (results: UseQueryResult<TablePart>[]) => {
      const pages = new Map<string, TableRow[]>();
      const failures = new Map<string, TableLine>();
      tiles.forEach(({ filter, page }, at) => {
        const parts = results.slice(at * blocks.length, (at + 1) * blocks.length);
        const rows = merged(parts.flatMap(({ data }) => (data === undefined ? [] : [data.rows])));
        const failed = parts.filter(({ isLoadingError }) => isLoadingError);
        const error = failed[0]?.error;
        if (rows !== null) pages.set(`${page} ${filter}`, rows);
        else if (error) {
          const retry = () => failed.forEach(({ refetch }) => void refetch());
          failures.set(`${page} ${filter}`, { kind: "failed", error, retry });
        }
      });
      return { pages, failures };
    },
    [tiles, blocks],
  );
  const { pages, failures } = useQueries({
    queries: tiles.flatMap(({ filter, page }) =>
      blocks.map((fields) => getTablePage({ ...request, filter }, fields, page)),
    ),
    combine,
  });

  return useCallback(
    (index: number): TableLine => {
      const located = locate(sections, index);
      if (located === null) return WAITING;
      const { section, offset } = located;
      if (offset < 0)
        return section.head === null ? WAITING : { kind: "group", head: section.head };
      const tile = `${Math.floor(offset / TABLE_PAGE)} ${section.filter}`;
      const page = pages.get(tile);
      const row = page?.[offset % TABLE_PAGE];
      return page === undefined || row === undefined
        ? (failures.get(tile) ?? WAITING)
        : { kind: "run", row, peers: idsOf(page) };
    },
    [sections, pages, failures],
  );
}

const idsOfPages = new WeakMap<readonly TableRow[], string[]>();

/** The runs of a page, whose curves are asked for together. */
function idsOf(page: readonly TableRow[]): string[] {
  const known = idsOfPages.get(page);
  if (known !== undefined) return known;
  const ids = page.map((row) => row.id);
  idsOfPages.set(page, ids);
  return ids;
}

/** The same rows with the cells of all parts; the rows themselves where there is one part. */
function merged(parts: readonly TableRow[][]): TableRow[] | null {
  const [rows, ...others] = parts;
  if (rows === undefined) return null;
  if (others.length === 0) return rows;
  return rows.map((row, at) => {
    // A run that came between two answers moves the others: only cells of the same run belong to it.
    const more = others.map((part) => (part[at]?.id === row.id ? part[at].cells : {}));
    const cells: TableRow["cells"] = Object.assign({}, row.cells, ...more);
    return Object.assign({}, row, { cells });
  });
}
