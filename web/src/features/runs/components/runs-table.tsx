import { Button } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconFilterOff, IconRipple } from "@tabler/icons-react";

import type { ReactNode } from "react";

import { ApiError } from "@/api/http";
import type { TableRequest, TableRow } from "@/api/run-rows";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import type { RunColor } from "@/lib/run-colors";
import type { RunColumn } from "@/lib/run-columns";
import type { Selection } from "@/lib/run-selection";
import { countRows, type PlacedSection } from "@/lib/table-sections";

import type { GroupHead } from "../use-run-groups";
import { RunsGrid } from "./runs-grid";

export interface RunsTableProps {
  request: TableRequest;
  /** What decides whether there is a table to show: its first page, or its groups. */
  query: {
    isPending: boolean;
    isLoadingError: boolean;
    error: Error | null;
    refetch: () => Promise<unknown>;
  };
  sections: readonly PlacedSection<GroupHead>[];
  nRuns: number;
  /** Whether what is shown is about to be replaced. */
  isStale: boolean;
  columns: readonly RunColumn[];
  colors: ReadonlyMap<string, RunColor>;
  /** Of groups, by their labels. */
  groupColors: ReadonlyMap<string, RunColor>;
  groupBy: readonly string[];
  selection: Selection;
  onSelect: (runIds: readonly string[], selects: boolean) => void;
  /** Rows of the table, both included. */
  onSelectRange: (from: number, to: number, selects: boolean) => void;
  onSelectAll: (selects: boolean) => void;
  onOrder: (order: string[]) => void;
  onColumns: (columns: RunColumn[]) => void;
  onGroupBy: (fields: string[]) => void;
  onFacet: (field: string) => void;
  onToggleFamily: (runId: string) => void;
  onToggleGroup: (filter: string) => void;
  onOpen: (row: TableRow) => void;
  onRename: (runId: string, name: string) => void;
  onClearFilter: () => void;
  /** What stands there while nobody has started a run. */
  none: ReactNode;
}

const NAME_WIDTH = 240;
const PHONE_NAME_WIDTH = 170;

export function RunsTable(props: RunsTableProps) {
  const { request, query, sections, onClearFilter } = props;
  const { filter, viewType } = request;
  const isPhone = useMediaQuery("(max-width: 800px)", undefined, {
    getInitialValueInEffect: false,
  });
  const [nameWidth, setNameWidth] = useLocalStorage<number | null>({
    key: "fluvial.runs.name-width",
    defaultValue: null,
    getInitialValueInEffect: false,
  });

  if (query.isPending) return <TableSkeleton rows={12} />;
  // What is wrong with the filter is said under the filter; here is the way out of it.
  if (filter !== "" && query.error instanceof ApiError && query.error.status === 400) {
    return <NoMatch title="The filter cannot be read" filter={filter} onClear={onClearFilter} />;
  }
  // What was there before the server went away stays.
  if (query.isLoadingError && query.error !== null) {
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (countRows(sections) === 0) {
    if (filter !== "") {
      return <NoMatch title="No runs match" filter={filter} onClear={onClearFilter} />;
    }
    if (viewType !== "DELETED_ONLY") return props.none;
    return (
      <EmptyState
        icon={<IconRipple size={30} stroke={1.4} />}
        title="The trash is empty"
        hint="Deleted runs wait here to be restored."
      />
    );
  }
  return (
    <RunsGrid
      {...props}
      nameWidth={isPhone ? PHONE_NAME_WIDTH : (nameWidth ?? NAME_WIDTH)}
      onNameWidth={setNameWidth}
    />
  );
}

interface NoMatchProps {
  title: string;
  filter: string;
  onClear: () => void;
}

function NoMatch({ title, filter, onClear }: NoMatchProps) {
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
