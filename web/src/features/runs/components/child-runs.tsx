import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { getChildRuns, type Run } from "@/api/runs";
import { Age } from "@/components/age";
import { Duration } from "@/components/duration";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { StatusBadge } from "@/components/status-badge";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./run-overview.module.css";

/** The runs within this one; nothing where there are none, as in most runs. */
export function ChildRuns({ run }: { run: Run }) {
  const query = useInfiniteQuery(getChildRuns(run.experimentId, run.id));

  if (query.isPending) return <TableSkeleton rows={2} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const children = query.data.pages.flatMap((page) => page.runs);
  if (children.length === 0) return null;
  return (
    <Panel title="Nested runs">
      <div className={classes.children}>
        {children.map((child) => (
          <div key={child.id} className={classes.child}>
            <Link
              to="/experiments/$experimentId/runs/$runId"
              params={{ experimentId: child.experimentId, runId: child.id }}
            >
              {child.name}
            </Link>
            <StatusBadge status={child.status} />
            <Age time={child.startTime} />
            <Duration startTime={child.startTime} endTime={child.endTime} />
          </div>
        ))}
      </div>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          mt="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Panel>
  );
}
