import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { post } from "./http";
import { parseNumber } from "./number";
import type {
  Facet as WireFacet,
  Facets,
  FindFacets,
  GroupRuns,
  RunGroups as WireRunGroups,
  Summary as WireSummary,
  ViewType,
} from "./schema";

interface Where {
  experimentIds: readonly string[];
  filter: string;
  viewType: ViewType;
}

/** A number over the runs of a group; null where there are too few of them. */
export interface Summary {
  count: number;
  mean: number | null;
  std: number | null;
  min: number | null;
  max: number | null;
}

export interface RunGroup {
  /** Of each field that is grouped by; null where the runs lack it. */
  values: (string | null)[];
  nRuns: number;
  /** By field. */
  numbers: Record<string, Summary>;
}

export interface RunGroups {
  groups: RunGroup[];
  nGroups: number;
  nRuns: number;
}

interface GroupQuery extends Where {
  groupBy: readonly string[];
  numbers: readonly string[];
  /** One of the numbers and a direction; null for the largest groups first. */
  sort: { field: string; isDescending: boolean } | null;
}

export interface Facet {
  field: string;
  nRuns: number;
  nMissing: number;
  /** Of a text: its most frequent values, and how many there are. */
  nValues: number;
  values: { value: string; nRuns: number }[];
  /** Of a number. */
  histogram: { edges: number[]; counts: number[]; nNan: number; nInfinite: number } | null;
}

const MAX_GROUPS = 1000;
const MAX_NUMBERS = 50;
const MAX_VALUES = 100;

export function groupRuns(wanted: GroupQuery) {
  const { experimentIds, filter, viewType, groupBy, numbers, sort } = wanted;
  return queryOptions({
    queryKey: [
      "runs",
      "groups",
      experimentIds.join(","),
      { filter, viewType, groupBy, numbers, sort },
    ],
    enabled: groupBy.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readGroups(wanted, signal),
  });
}

/** The groups, and means of at most 50 of the numbers over the runs of each. */
export async function readGroups(
  { experimentIds, filter, viewType, groupBy, numbers, sort }: GroupQuery,
  signal: AbortSignal,
): Promise<RunGroups> {
  const asked = numbers.slice(0, MAX_NUMBERS);
  const isKnown = sort !== null && asked.includes(sort.field);
  const answer = await post<WireRunGroups>(
    "api/1.0/fluvial/runs/group",
    {
      experiment_ids: [...experimentIds],
      filter,
      run_view_type: viewType,
      group_by: [...groupBy],
      numbers: asked,
      sort_by: isKnown ? sort.field : "",
      is_descending: isKnown && sort.isDescending,
      max_groups: MAX_GROUPS,
    } satisfies GroupRuns,
    signal,
  );
  return {
    groups: answer.groups.map(({ values, n_runs, numbers: summaries }) => ({
      values: values as (string | null)[],
      nRuns: n_runs,
      numbers: Object.fromEntries(
        summaries.map((summary, at) => [asked[at] ?? "", parseSummary(summary)]),
      ),
    })),
    nGroups: answer.n_groups,
    nRuns: answer.n_runs,
  };
}

/** Which values some fields have; one query for each, so that a field that is added asks only for itself. */
export function findFacet(field: string, { experimentIds, filter, viewType }: Where) {
  return queryOptions({
    queryKey: ["runs", "facets", experimentIds.join(","), { field, filter, viewType }],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Facet> => {
      const answer = await post<Facets>(
        "api/1.0/fluvial/runs/facets",
        {
          experiment_ids: [...experimentIds],
          filter,
          run_view_type: viewType,
          fields: [field],
          max_values: MAX_VALUES,
          n_bins: 24,
        } satisfies FindFacets,
        signal,
      );
      return parseFacet(field, answer.facets[0]);
    },
  });
}

function parseFacet(field: string, facet: WireFacet | undefined): Facet {
  const histogram = facet?.histogram;
  return {
    field,
    nRuns: facet?.n_runs ?? 0,
    nMissing: facet?.n_missing ?? 0,
    nValues: facet?.n_values ?? 0,
    values: (facet?.values ?? []).map(({ value, n_runs }) => ({ value, nRuns: n_runs })),
    histogram:
      histogram === undefined
        ? null
        : {
            edges: histogram.edges.map(parseNumber),
            counts: histogram.counts,
            nNan: histogram.n_nan,
            nInfinite: histogram.n_infinite,
          },
  };
}

function number(value: WireSummary["mean"]): number | null {
  return value === undefined ? null : parseNumber(value);
}

function parseSummary({ count, mean, std, min, max }: WireSummary): Summary {
  return { count, mean: number(mean), std: number(std), min: number(min), max: number(max) };
}
