import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconFolderOpen } from "@tabler/icons-react";

import { listArtifacts } from "@/api/artifacts";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./artifact-browser.module.css";
import { ArtifactPreview } from "./artifact-preview";
import { ArtifactTree } from "./artifact-tree";

interface ArtifactBrowserProps {
  runId: string;
  /** The file that is shown, or "". */
  path: string;
  onPath: (path: string) => void;
}

/** The files of a run: a tree that loads folder by folder, and the file that was picked. */
export function ArtifactBrowser({ runId, path, onPath }: ArtifactBrowserProps) {
  const query = useQuery(listArtifacts(runId, ""));

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) {
    return (
      <EmptyState
        icon={<IconFolderOpen size={28} stroke={1.4} />}
        title="No artifacts yet"
        hint="Files that the run logs, such as figures, models and tables, appear here."
      />
    );
  }
  return (
    <div className={classes.browser} data-open={path !== "" || undefined}>
      <div className={classes.tree}>
        <ArtifactTree runId={runId} artifacts={query.data} path={path} onPath={onPath} />
      </div>
      <div className={classes.preview}>
        {path === "" ? (
          <EmptyState title="Pick a file to see it here" />
        ) : (
          <>
            <button type="button" className={classes.back} onClick={() => onPath("")}>
              <IconArrowLeft size={15} aria-hidden /> All files
            </button>
            <ArtifactPreview key={path} runId={runId} path={path} />
          </>
        )}
      </div>
    </div>
  );
}
