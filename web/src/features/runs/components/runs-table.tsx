import { Button } from "@mantine/core";
import { IconFilterOff, IconRipple } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { ApiError } from "@/api/http";
import type { Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import type { RunColor } from "@/lib/run-colors";
import type { RunColumn } from "@/lib/run-columns";
import { nestRuns } from "@/lib/run-tree";

import type { RunList } from "../use-run-list";
import { RunsGrid } from "./runs-grid";

export interface RunsTableProps {
  list: RunList;
  columns: readonly RunColumn[];
  colors: ReadonlyMap<string, RunColor>;
  filter: string;
  orderBy: string;
  isFlat: boolean;
  isDeletedView: boolean;
  selected: ReadonlySet<string>;
  onSelect: (runIds: readonly string[], isSelected: boolean) => void;
  onOrderBy: (orderBy: string) => void;
  onOpen: (run: Run) => void;
  onClearFilter: () => void;
}

export function RunsTable(props: RunsTableProps) {
  const { list, filter, isFlat, isDeletedView, onClearFilter } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const nodes = useMemo(
    () =>
      isFlat
        ? list.runs.map((run) => ({ run, depth: 0, nDescendants: 0, isOpen: false }))
        : nestRuns([...list.runs, ...list.parents], closed),
    [list, isFlat, closed],
  );
  const toggle = (runId: string) =>
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(runId)) after.add(runId);
      return after;
    });

  const { query } = list;
  if (query.isPending) return <TableSkeleton rows={12} />;
  if (query.isError) {
    // What is wrong with the filter is said under the filter; here is the way out of it.
    if (filter !== "" && query.error instanceof ApiError && query.error.status === 400) {
      return <NoMatch title="The filter cannot be read" filter={filter} onClear={onClearFilter} />;
    }
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (nodes.length === 0) {
    if (filter !== "")
      return <NoMatch title="No runs match" filter={filter} onClear={onClearFilter} />;
    return (
      <EmptyState
        icon={<IconRipple size={30} stroke={1.4} />}
        title={isDeletedView ? "The trash is empty" : "No runs yet"}
        hint={
          isDeletedView
            ? "Deleted runs wait here to be restored."
            : "Runs appear here as soon as they start."
        }
      />
    );
  }
  return (
    <RunsGrid
      {...props}
      nodes={nodes}
      isTree={!isFlat && nodes.some((node) => node.nDescendants > 0)}
      hasMore={query.hasNextPage}
      onToggle={toggle}
      onEnd={() => {
        if (!query.isFetchingNextPage) void query.fetchNextPage();
      }}
    />
  );
}

function NoMatch({
  title,
  filter,
  onClear,
}: {
  title: string;
  filter: string;
  onClear: () => void;
}) {
  return (
    <EmptyState
      icon={<IconFilterOff size={28} stroke={1.5} />}
      title={title}
      hint={<code>{filter}</code>}
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filter
        </Button>
      }
    />
  );
}
