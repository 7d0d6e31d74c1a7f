import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { MOST_NAMES, readColumnNames, readTable, TABLE_PAGE, type TableRequest } from "./run-rows";

/** Pages that were scrolled past are soon forgotten: a table of a million runs has ten thousand. */
const KEPT_MS = 60_000;

/** One page of a table, with the cells of some fields. */
export function getTablePage(request: TableRequest, fields: readonly string[], page: number) {
  return queryOptions({
    queryKey: ["runs", "table", request.experimentIds.join(","), { request, fields, page }],
    gcTime: KEPT_MS,
    queryFn: ({ signal }) => readTable(request, fields, page * TABLE_PAGE, TABLE_PAGE, signal),
  });
}

/** The first page; while another is awaited, the one before. */
export function getTableHead(request: TableRequest, fields: readonly string[]) {
  return queryOptions({
    ...getTablePage(request, fields, 0),
    gcTime: undefined,
    placeholderData: keepPreviousData,
  });
}

/** Names of columns that contain a text; the first of them, and how many there are. */
export function findColumnNames(
  experimentIds: readonly string[],
  contains = "",
  most: number | null = MOST_NAMES,
) {
  return queryOptions({
    queryKey: ["runs", "columns", experimentIds.join(","), { contains, most }],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readColumnNames(experimentIds, contains, most, signal),
  });
}
