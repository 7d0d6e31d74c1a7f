import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { searchExperiments, type ExperimentOverview } from "@/api/experiments";
import { ApiError } from "@/api/http";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { moveRowFocus, useRowsFromPage } from "@/components/row-focus";
import { TableSkeleton } from "@/components/table-skeleton";
import { inFolders } from "@/lib/experiment-folders";
import { formatPlural } from "@/lib/format";

import { ExperimentRow } from "./experiment-row";
import classes from "./experiments-table.module.css";
import { FirstSteps } from "./first-steps";
import { FolderRow } from "./folder-row";
import { SearchFault } from "./search-fault";

export interface ExperimentsTableProps {
  text: string;
  isDeletedView: boolean;
  orderBy: string;
  /** Whether all stand in one list, instead of the folders that the names make. */
  isFlat: boolean;
  onOrderBy: (orderBy: string) => void;
  onSearch: (text: string) => void;
  onClearText: () => void;
}

const ROW_HEIGHT = 48;
/** Stands for "/" where it parts nothing. */
const NO_PATH = "\u2215";

const COLUMNS: {
  title: string;
  field: string | null;
  direction: "ASC" | "DESC";
  className?: string;
}[] = [
  { title: "Name", field: "name", direction: "ASC" },
  { title: "Runs", field: null, direction: "DESC", className: classes.number },
  {
    title: "Last activity",
    field: "last_activity_time",
    direction: "DESC",
    className: classes.wide,
  },
  { title: "Created", field: "creation_time", direction: "DESC", className: classes.wide },
];

export function ExperimentsTable(props: ExperimentsTableProps) {
  const { text, isDeletedView, orderBy } = props;
  const query = useInfiniteQuery(
    searchExperiments({ text, orderBy, viewType: isDeletedView ? "DELETED_ONLY" : "ACTIVE_ONLY" }),
  );

  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isLoadingError) {
    if (text !== "" && query.error instanceof ApiError && query.error.status === 400) {
      return <SearchFault text={text} error={query.error} onClear={props.onClearText} />;
    }
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
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

function FullTable(props: FullTableProps) {
  const { overviews, orderBy, onOrderBy, hasMore, onEnd, isDeletedView, isFlat, onSearch } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [closedPaths, setClosedPaths] = useLocalStorage<string[]>({
    key: "fluvial.experiments.closed",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const closed = useMemo(() => new Set(closedPaths), [closedPaths]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(
    () =>
      inFolders(
        overviews,
        // In one list, a name is no path.
        ({ experiment }) => (isFlat ? experiment.name.replaceAll("/", NO_PATH) : experiment.name),
        closed,
      ),
    [overviews, isFlat, closed],
  );
  const rows = useVirtualizer({
    count: lines.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const isAtEnd = hasMore && (shown.at(-1)?.index ?? 0) >= lines.length;
  useEffect(() => {
    if (isAtEnd) onEnd();
  }, [isAtEnd, onEnd]);

  const choose = (members: readonly ExperimentOverview[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const { experiment } of members) {
      if (isChosen) next.add(experiment.id);
      else next.delete(experiment.id);
    }
    setChosen(next);
  };
  useRowsFromPage(scroller);

  return (
    <div className={classes.scroller} ref={scroller}>
      <div
        role="table"
        aria-label="Experiments"
        aria-rowcount={hasMore ? -1 : lines.length + 1}
        className={classes.table}
        data-choosing={chosen.size > 0 || undefined}
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
            const line = lines[index];
            const id = line?.kind === "folder" ? `folder ${line.path}` : line?.one.experiment.id;
            return (
              <div
                key={id ?? "more"}
                className={classes.place}
                style={{ transform: `translateY(${start}px)` }}
              >
                {line?.kind === "folder" && (
                  <FolderRow
                    folder={line}
                    hasMore={hasMore}
                    nChosen={line.all.filter(({ experiment }) => chosen.has(experiment.id)).length}
                    onChoose={(isChosen) => choose(line.all, isChosen)}
                    onToggle={() => setClosedPaths([...toggled(closed, line.path)])}
                  />
                )}
                {line?.kind === "experiment" && (
                  <ExperimentRow
                    overview={line.one}
                    title={isFlat ? line.one.experiment.name : line.title}
                    depth={line.depth}
                    isDeleted={isDeletedView}
                    isChosen={chosen.has(line.one.experiment.id)}
                    onChoose={(isChosen) => choose([line.one], isChosen)}
                    onSearch={onSearch}
                  />
                )}
                {line === undefined && (
                  <div className={classes.more}>
                    <Skeleton height={12} width="40%" />
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {chosen.size > 0 && (
        <div className={classes.chosen} role="toolbar" aria-label="Selected experiments">
          <span>{formatPlural(chosen.size, "experiment")}</span>
          <Button
            renderRoot={(root) => (
              <Link
                {...root}
                to="/experiments/$experimentId"
                params={{ experimentId: [...chosen].join(",") }}
              />
            )}
          >
            {chosen.size === 1 ? "Show its runs" : "Compare their runs"}
          </Button>
          <ActionIcon aria-label="Clear the selection" onClick={() => setChosen(new Set())}>
            <IconX size={16} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}

function toggled(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
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
