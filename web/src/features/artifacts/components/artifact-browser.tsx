import { Button, FileButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconArrowLeft, IconFolderOpen, IconUpload } from "@tabler/icons-react";
import { useState } from "react";

import { ownFolder, putArtifact } from "@/api/artifacts";
import type { Run } from "@/api/runs";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { notifyError } from "@/components/notify";
import { TableSkeleton } from "@/components/table-skeleton";

import { useArtifactTree } from "../use-artifact-tree";
import classes from "./artifact-browser.module.css";
import { ArtifactHead } from "./artifact-head";
import { ArtifactPreview } from "./artifact-preview";
import { ArtifactTree } from "./artifact-tree";

interface ArtifactBrowserProps {
  run: Pick<Run, "id" | "artifactUri" | "lifecycleStage">;
  /** The file that is shown, or "". */
  path: string;
  onPath: (path: string) => void;
}

/** The files of a run: a tree that loads folder by folder, and the file that was picked. */
export function ArtifactBrowser({ run, path, onPath }: ArtifactBrowserProps) {
  const tree = useArtifactTree(run.id, path);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["artifacts", run.id] });
  // The server's own store takes and deletes files; a bucket that clients write to themselves is theirs.
  const folder = run.lifecycleStage === "active" ? ownFolder(run.artifactUri) : null;
  const { root } = tree;

  if (root === null || (root.isPending && root.entries.length === 0)) {
    return <TableSkeleton rows={6} />;
  }
  if (root.error !== null) {
    return <ErrorPanel error={new Error(root.error)} onRetry={() => void refresh()} />;
  }
  if (root.entries.length === 0) {
    return (
      <EmptyState
        icon={<IconFolderOpen size={28} stroke={1.4} />}
        title="No artifacts yet"
        hint="Files that the run logs, such as figures, models and tables, appear here."
        action={folder !== null && <Upload folder={folder} into="" onDone={refresh} />}
      />
    );
  }
  return (
    <div className={classes.browser} data-open={path !== "" || undefined}>
      <div className={classes.left}>
        {folder !== null && (
          <div className={classes.treeHead}>
            <Upload
              folder={folder}
              into={path.slice(0, Math.max(0, path.lastIndexOf("/")))}
              onDone={refresh}
            />
          </div>
        )}
        <ArtifactTree
          rows={tree.rows}
          path={path}
          onPath={onPath}
          onToggle={tree.toggle}
          onMore={(more) => (tree.rows.some(isError) ? void refresh() : tree.showMore(more))}
        />
      </div>
      <div className={classes.preview}>
        {path === "" ? (
          <EmptyState title="Pick a file to see it here" />
        ) : (
          <>
            <button type="button" className={classes.back} onClick={() => onPath("")}>
              <IconArrowLeft size={15} aria-hidden /> All files
            </button>
            <ArtifactHead
              runId={run.id}
              path={path}
              ownFolder={folder}
              onDeleted={async () => {
                onPath("");
                await refresh();
              }}
            />
            <div className={classes.content}>
              <ArtifactPreview key={path} runId={run.id} path={path} onPath={onPath} />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function isError(row: { kind: string }): boolean {
  return row.kind === "error";
}

interface UploadProps {
  folder: string;
  /** The folder of the run to put files into; "" for its root. */
  into: string;
  onDone: () => Promise<void>;
}

function Upload({ folder, into, onDone }: UploadProps) {
  const [nLeft, setNLeft] = useState(0);
  const upload = async (files: File[]) => {
    setNLeft(files.length);
    try {
      for (const file of files) {
        await putArtifact(folder, into === "" ? file.name : `${into}/${file.name}`, file);
        setNLeft((left) => left - 1);
      }
    } finally {
      setNLeft(0);
      await onDone();
    }
  };

  return (
    <FileButton multiple onChange={(files) => void upload(files).catch(notifyError)}>
      {(props) => (
        <Button
          {...props}
          variant="subtle"
          color="gray"
          loading={nLeft > 0}
          leftSection={<IconUpload size={14} />}
          title={into === "" ? "Into the run's root" : `Into ${into}`}
        >
          Upload
        </Button>
      )}
    </FileButton>
  );
}
