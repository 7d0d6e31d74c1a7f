import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { groupRuns, type RunGroup } from "@/api/run-groups";
import type { TablePart, TableRequest } from "@/api/run-rows";
import { quote } from "@/lib/filter-text";
import { orderGroups } from "@/lib/group-order";
import type { RunColumn } from "@/lib/run-columns";
import { splitOrder } from "@/lib/table-order";
import { placeSections, type PlacedSection } from "@/lib/table-sections";

/** A group as the row above its runs. */
export interface GroupHead {
  /** The filter that finds its runs; also its name. */
  filter: string;
  group: RunGroup;
  isOpen: boolean;
}

interface GroupsRequest {
  request: TableRequest;
  groupBy: readonly string[];
  columns: readonly RunColumn[];
  /** The first page of the table without groups, which says how many rows it has. */
  head: TablePart | undefined;
}

/** The table's rows as sections: the groups with those that are open, or all runs as one. */
export function useRunGroups({ request, groupBy, columns, head }: GroupsRequest) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const numbers = useMemo(() => columns.filter(isNumber).map(numberField), [columns]);
  const [field, direction] = splitOrder(request.order[0] ?? "");
  const query = useQuery(
    groupRuns({
      ...request,
      groupBy,
      numbers,
      sort: field === "" ? null : { field, isDescending: direction === "DESC" },
    }),
  );
  const groups = query.data?.groups;
  const isGrouped = groupBy.length > 0;

  const sections = useMemo((): PlacedSection<GroupHead>[] => {
    if (!isGrouped) {
      const whole = { filter: request.filter, head: null, nRows: head?.nRows ?? 0 };
      return placeSections<GroupHead>([whole]);
    }
    return placeSections(
      orderGroups(groups ?? [], groupBy, request.order[0] ?? "").map((group) => {
        const filter = filterOf(request.filter, groupBy, group);
        const isOpen = opened.has(filter);
        return { filter, head: { filter, group, isOpen }, nRows: isOpen ? group.nRuns : 0 };
      }),
    );
  }, [isGrouped, groupBy, groups, opened, request.filter, request.order, head?.nRows]);

  const toggle = (filter: string) =>
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(filter)) after.add(filter);
      return after;
    });
  return { query, sections, toggle };
}

/** The name under which a column's summaries are in a group; "" where it has none. */
export function numberField(column: RunColumn): string {
  return isNumber(column) ? (column.orderKey ?? "") : "";
}

function isNumber({ kind, key, orderKey }: RunColumn): boolean {
  return orderKey !== null && (kind === "metrics" || (kind === "attributes" && key === "duration"));
}

function filterOf(filter: string, groupBy: readonly string[], group: RunGroup): string {
  const conditions = groupBy.map((field, at) => {
    const value = group.values[at] ?? null;
    return value === null ? `${field} IS NULL` : `${field} = ${quote(value)}`;
  });
  return [...(filter === "" ? [] : [`(${filter})`]), ...conditions].join(" AND ");
}
