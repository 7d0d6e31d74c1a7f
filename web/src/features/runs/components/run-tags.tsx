import { useQueryClient } from "@tanstack/react-query";

import { deleteRunTag, setRunTag, type Run } from "@/api/runs";
import { TagsPanel } from "@/components/tags-panel";

/** Tags of these prefixes are shown where they belong: in the source, the environment, the lineage. */
const CAPTURED = /^(?:mlflow|fluvial)\./;

/** The tags that people gave the run. */
export function RunTags({ run }: { run: Run }) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["runs"] });

  return (
    <TagsPanel
      tags={Object.entries(run.tags).filter(([key]) => !CAPTURED.test(key))}
      none="This run has no tags."
      onSet={async (key, value) => {
        await setRunTag(run.id, { key, value });
        await refresh();
      }}
      onDelete={async (key) => {
        await deleteRunTag(run.id, key);
        await refresh();
      }}
    />
  );
}
