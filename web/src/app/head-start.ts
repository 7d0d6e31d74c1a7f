/** Asks for what the runs page shows first, while the rest of the app is still loading. */

import { readColumnNames, readTable, TABLE_PAGE } from "@/api/run-rows";
import type { ColumnNames, TablePart, TableRequest } from "@/api/run-rows";
import { firstFields } from "@/lib/table-fields";

import { shownColumns, tableRequest } from "./runs-request";
import { parseRunsSearch } from "./search-params";

export interface HeadStart {
  experimentIds: readonly string[];
  names: Promise<ColumnNames>;
  request: TableRequest;
  /** The fields of the first page of the table, and that page. */
  fields: Promise<readonly string[]>;
  page: Promise<TablePart>;
}

const RUNS_PAGE = /^#\/experiments\/([^/?]+)(?:\/runs)?\/?(?:\?(.*))?$/;

let begun: HeadStart | null = null;

export function begunRunsPage(): HeadStart | null {
  return begun;
}

/** @param hash Of the address of the page. */
export function beginRunsPage(hash: string): void {
  const found = RUNS_PAGE.exec(hash);
  if (found === null) return;
  const experimentIds = decodeURIComponent(found[1] ?? "").split(",");
  const search = parseRunsSearch(parseQuery(found[2] ?? ""));
  const request = tableRequest(experimentIds, search);
  const names = readColumnNames(experimentIds);
  const known = search.columns === undefined ? names : Promise.resolve(NO_NAMES);
  const fields = known.then((all) =>
    firstFields(shownColumns(search.columns, all, experimentIds.length)),
  );
  const page = fields.then((wanted) => readTable(request, wanted, 0, TABLE_PAGE));
  // Whoever takes them over says what went wrong.
  for (const promise of [names, fields, page]) promise.catch(() => undefined);
  begun = { experimentIds, names, request, fields, page };
}

const NO_NAMES = { params: [], metrics: [], tags: [] };

/** As the router reads it: each value is JSON where it can be. */
function parseQuery(query: string): Record<string, unknown> {
  return Object.fromEntries(
    [...new URLSearchParams(query)].map(([key, text]) => [key, parseValue(text)]),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // plain text, as in links that somebody wrote
  }
}
