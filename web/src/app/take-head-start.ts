import type { QueryClient } from "@tanstack/react-query";

import { findColumnNames, getTableHead } from "@/api/run-table";

import type { HeadStart } from "./head-start";

/** Makes the requests that are under way those of the page's own queries. */
export function takeHeadStart(queries: QueryClient, begun: HeadStart): void {
  const { experimentIds, names, request, fields, page } = begun;
  void queries.prefetchQuery({ ...findColumnNames(experimentIds), queryFn: () => names });
  const take = (wanted: readonly string[]) =>
    queries.prefetchQuery({ ...getTableHead(request, wanted), queryFn: () => page });
  fields.then(take, () => undefined);
}
