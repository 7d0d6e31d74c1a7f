import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent } from "react";

import { searchExperiments, type ExperimentOverview } from "@/api/experiments";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { moveRowFocus } from "@/components/row-focus";

import { ExperimentRow } from "./experiment-row";
import classes from "./experiments-table.module.css";
import { FirstSteps } from "./first-steps";

export interface ExperimentsTableProps {
  text: string;
  isDeletedView: boolean;
  orderBy: string;
  onOrderBy: (orderBy: string) => void;
  onClearText: () => void;
}

const ROW_HEIGHT = 48;

const COLUMNS: {
  title: string;
  field: string | null;
  direction: "ASC" | "DESC";
  className?: string;
}[] = [
  { title: "Name", field: "name", direction: "ASC" },
  { title: "Runs", field: null, direction: "DESC", className: classes.number },
  { title: "Last run", field: null, direction: "DESC", className: classes.wide },
  { title: "Updated", field: "last_update_time", direction: "DESC", className: classes.wide },
  { title: "Created", field: "creation_time", direction: "DESC", className: classes.wide },
];

export function ExperimentsTable(props: ExperimentsTableProps) {
  const { text, isDeletedView, orderBy } = props;
  const query = useInfiniteQuery(
    searchExperiments({ text, orderBy, viewType: isDeletedView ? "DELETED_ONLY" : "ACTIVE_ONLY" }),
  );

  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const overviews = query.data.pages.flatMap((page) => page.experiments);
  if (overviews.length === 0) return <NoExperiments {...props} />;
  return (
    <FullTable
      {...props}
      overviews={overviews}
      hasMore={query.hasNextPage}
      onEnd={() => {
        if (!query.isFetchingNextPage) void query.fetchNextPage();
      }}
    />
  );
}

interface FullTableProps extends ExperimentsTableProps {
  overviews: ExperimentOverview[];
  hasMore: boolean;
  onEnd: () => void;
}

function FullTable({
  overviews,
  orderBy,
  onOrderBy,
  hasMore,
  onEnd,
  isDeletedView,
}: FullTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: overviews.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const isAtEnd = hasMore && (shown.at(-1)?.index ?? 0) >= overviews.length;
  useEffect(() => {
    if (isAtEnd) onEnd();
  }, [isAtEnd, onEnd]);

  return (
    <div className={classes.scroller} ref={scroller}>
      <div
        role="table"
        aria-label="Experiments"
        aria-rowcount={hasMore ? -1 : overviews.length + 1}
        className={classes.table}
        onKeyDown={(event: KeyboardEvent<HTMLElement>) => moveRowFocus(event)}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row}>
            {COLUMNS.map((column) => (
              <ColumnTitle key={column.title} {...column} orderBy={orderBy} onOrderBy={onOrderBy} />
            ))}
            <span role="columnheader" aria-label="Actions" />
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const overview = overviews[index];
            return (
              <div
                key={overview?.experiment.id ?? "more"}
                className={classes.place}
                style={{ transform: `translateY(${start}px)` }}
              >
                {overview ? (
                  <ExperimentRow overview={overview} isDeleted={isDeletedView} />
                ) : (
                  <div className={classes.more}>
                    <Skeleton height={12} width="40%" />
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface ColumnTitleProps {
  title: string;
  field: string | null;
  direction: "ASC" | "DESC";
  className?: string | undefined;
  orderBy: string;
  onOrderBy: (orderBy: string) => void;
}

function ColumnTitle({ title, field, direction, className, orderBy, onOrderBy }: ColumnTitleProps) {
  if (field === null) {
    return (
      <span role="columnheader" className={className}>
        {title}
      </span>
    );
  }
  const [by, current] = orderBy.split(" ");
  const isSorted = by === field;
  const flipped = current === "ASC" ? "DESC" : "ASC";
  return (
    <span
      role="columnheader"
      className={className}
      aria-sort={!isSorted ? "none" : current === "ASC" ? "ascending" : "descending"}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() => onOrderBy(`${field} ${isSorted ? flipped : direction}`)}
      >
        {title}
        {isSorted && <span aria-hidden> {current === "ASC" ? "↑" : "↓"}</span>}
      </button>
    </span>
  );
}

function NoExperiments({ text, isDeletedView, onClearText }: ExperimentsTableProps) {
  if (text !== "") {
    return (
      <EmptyState
        title="No experiments match"
        hint={`Nothing has “${text}” in its name.`}
        action={
          <Button variant="default" onClick={onClearText}>
            Show all experiments
          </Button>
        }
      />
    );
  }
  if (isDeletedView) {
    return (
      <EmptyState title="The trash is empty" hint="Deleted experiments wait here to be restored." />
    );
  }
  return <FirstSteps />;
}
