import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { listArtifacts } from "@/api/artifacts";
import { serverUrl } from "@/api/http";
import type { Run } from "@/api/runs";
import { CodeBlock } from "@/components/code-block";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { reproduceScript } from "@/lib/run-code";

import classes from "./run-dialogs.module.css";

/** Commands that bring back what the run was made with. */
export function ReproduceDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Reproduce the run" size="xl">
      <p className={classes.hint}>
        From what the run kept of itself: its commit and uncommitted changes, its packages, its
        variables and its command line. Secrets were masked when they were captured, data is not
        part of it.
      </p>
      <Script run={run} />
    </Modal>
  );
}

function Script({ run }: { run: Run }) {
  const captured = useQuery(listArtifacts(run.id, "fluvial"));

  if (captured.isPending) return <TableSkeleton rows={5} />;
  if (captured.isError) {
    return <ErrorPanel error={captured.error} onRetry={() => void captured.refetch()} />;
  }
  const has = (name: string) => captured.data.some((artifact) => artifact.name === name);
  const files = {
    hasLock: has("requirements.lock"),
    hasDiff: has("uncommitted.diff"),
    hasUntracked: has("untracked.txt"),
  };
  return (
    <CodeBlock
      label="Commands that reproduce the run"
      code={reproduceScript(run, files, serverUrl(""))}
    />
  );
}
