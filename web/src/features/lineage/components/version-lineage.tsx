import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getVersionLineage } from "@/api/lineage";
import { ErrorPanel } from "@/components/error-panel";
import { loaded } from "@/components/loaded";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./lineage.module.css";

const Graph = loaded(
  async () => (await import("./lineage-graph")).LineageGraph,
  () => <TableSkeleton rows={6} />,
);

interface VersionLineageProps {
  name: string;
  version: string;
  onOpenRun: (run: { experimentId: string; runId: string }) => void;
}

/** From the data that its run read to the aliases that name a version. */
export function VersionLineage({ name, version, onOpenRun }: VersionLineageProps) {
  const query = useQuery(getVersionLineage(name, version));
  const lineage = useMemo(
    () => ({
      nodes: (query.data?.nodes ?? []).map((node) => ({
        id: node.node_id,
        kind: node.kind,
        title: node.label,
        detail: node.detail ?? "",
        run:
          node.kind === "run"
            ? {
                experimentId: node.experiment_id ?? "",
                runId: node.node_id.slice("run:".length),
              }
            : null,
        isCurrent: node.node_id === `version:${name}/${version}`,
      })),
      edges: (query.data?.edges ?? []).map(({ source, target, label = "" }) => ({
        from: source,
        to: target,
        label,
      })),
    }),
    [query.data, name, version],
  );

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={classes.embedded}>
      <Graph
        lineage={lineage}
        onOpen={({ run }) => {
          if (run !== null) onOpenRun(run);
        }}
      />
    </div>
  );
}
