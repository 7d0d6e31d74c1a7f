import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getChildRuns, getForks, getRun, ORIGIN_TAG, type Run } from "@/api/runs";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { lineageOf } from "@/lib/lineage";

import classes from "./lineage.module.css";
import { loaded } from "@/components/loaded";

const Graph = loaded(
  async () => (await import("./lineage-graph")).LineageGraph,
  () => <TableSkeleton rows={8} />,
);

interface LineageTabProps {
  run: Run;
  onOpenRun: (run: { experimentId: string; runId: string }) => void;
  onOpenArtifact: (path: string) => void;
}

/** Where the run came from, and what came of it. */
export function LineageTab({ run, onOpenRun, onOpenArtifact }: LineageTabProps) {
  const originId = run.tags[ORIGIN_TAG];
  const parent = useQuery({ ...getRun(run.parentId ?? ""), enabled: run.parentId !== null });
  const origin = useQuery({ ...getRun(originId ?? ""), enabled: originId !== undefined });
  const children = useInfiniteQuery(getChildRuns(run.experimentId, run.id));
  const forks = useQuery(getForks(run.experimentId, run.id));
  const lineage = useMemo(
    () =>
      lineageOf({
        run,
        parent: parent.data ?? null,
        origin: origin.data ?? null,
        children: children.data?.pages.flatMap((page) => page.runs) ?? [],
        forks: forks.data ?? [],
      }),
    [run, parent.data, origin.data, children.data, forks.data],
  );

  if (children.isPending || forks.isPending || parent.isLoading || origin.isLoading) {
    return <TableSkeleton rows={8} />;
  }
  const failed = [children, forks].find((query) => query.isError);
  if (failed?.error)
    return <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <div className={classes.tab}>
      {lineage.nodes.length === 1 && (
        <p className={classes.hint}>
          Datasets that a run reads (fluvial.log_input), its parent and children, forks and models
          appear around it here. This run names none yet.
        </p>
      )}
      {children.hasNextPage && <p className={classes.hint}>The first 100 child runs are shown.</p>}
      <Graph
        lineage={lineage}
        onOpen={({ run: target, kind, title }) => {
          if (target !== null) onOpenRun(target);
          else if (kind === "model") onOpenArtifact(`${title}/MLmodel`);
        }}
      />
    </div>
  );
}
