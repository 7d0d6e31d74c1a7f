import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { findFacet } from "@/api/run-groups";
import type { ColumnNames } from "@/api/run-rows";
import { findColumnNames } from "@/api/run-table";
import type { ViewType } from "@/api/schema";
import {
  ATTRIBUTE_FIELDS,
  nameTyped,
  NUMBER_OPERATORS,
  TEXT_OPERATORS,
  type Wanted,
} from "@/lib/complete-filter";
import { identifier, quote } from "@/lib/filter-text";

export interface FilterOption {
  /** What is put into the filter. */
  text: string;
  /** What is said beside it. */
  hint?: string;
}

interface Where {
  experimentIds: readonly string[];
  viewType: ViewType;
}

const TYPING_MS = 120;
const MOST_NAMES = 40;
const NO_OPTIONS: FilterOption[] = [];

/** What may be typed next: names from all there are, values from those that runs have. */
export function useFilterOptions(wanted: Wanted | null, where: Where): FilterOption[] {
  const typed = wanted?.kind === "name" ? wanted.typed : null;
  const [part] = useDebouncedValue(typed === null ? "" : nameTyped(typed), TYPING_MS);
  const names = useQuery({
    ...findColumnNames(where.experimentIds, part, MOST_NAMES),
    enabled: typed !== null,
  }).data;
  const field = wanted?.kind === "value" ? wanted.field : null;
  const facet = useQuery({
    ...findFacet(field ?? "", { ...where, filter: "" }),
    enabled: field !== null,
  }).data;

  return useMemo(() => {
    if (wanted === null) return NO_OPTIONS;
    switch (wanted.kind) {
      case "name":
        return nameOptions(names, wanted.typed);
      case "operator": {
        const all = wanted.isNumber ? NUMBER_OPERATORS : TEXT_OPERATORS;
        const begun = wanted.typed.toUpperCase();
        return all.filter((one) => one.startsWith(begun)).map((text) => ({ text }));
      }
      case "value": {
        const begun = wanted.typed.toLowerCase();
        return (facet?.field === field ? facet.values : [])
          .filter(({ value }) => value.toLowerCase().includes(begun))
          .slice(0, MOST_NAMES)
          .map(({ value, nRuns }) => ({ text: quote(value), hint: nRuns.toLocaleString("en-US") }));
      }
    }
  }, [wanted, names, facet, field]);
}

/** Fields whose names contain what is typed, whatever quotes they need. */
export function nameOptions(names: ColumnNames | undefined, typed: string): FilterOption[] {
  const wanted = typed.replaceAll("`", "").toLowerCase();
  return fieldsOf(names)
    .filter((field) => {
      const plain = field.replaceAll("`", "").toLowerCase();
      return plain.includes(wanted) && plain !== wanted;
    })
    .slice(0, MOST_NAMES)
    .map((text) => ({ text }));
}

/** All that these names can be compared by. */
export function fieldsOf(names: ColumnNames | undefined): string[] {
  return [
    ...(names?.metrics ?? []).map((key) => identifier("metrics", key)),
    ...(names?.params ?? []).map((key) => identifier("params", key)),
    ...ATTRIBUTE_FIELDS,
    ...(names?.tags ?? []).map((key) => identifier("tags", key)),
  ];
}
