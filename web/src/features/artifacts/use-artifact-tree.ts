import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { listFolder } from "@/api/artifacts";
import { foldersAbove, treeRows, type FolderState } from "@/lib/artifact-rows";

/** The open folders of a run, read page by page. */
export function useArtifactTree(runId: string, path: string) {
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [nPages, setNPages] = useState<ReadonlyMap<string, number>>(new Map());
  const open = useMemo(() => {
    const above = foldersAbove(path).filter((folder) => choices.get(folder) !== false);
    const chosen = [...choices].flatMap(([folder, isOpen]) => (isOpen ? [folder] : []));
    return [...new Set(["", ...above, ...chosen])];
  }, [path, choices]);
  const folders = useQueries({
    queries: open.map((folder) => ({
      ...listFolder(runId, folder, nPages.get(folder) ?? 1),
      placeholderData: keepPreviousData,
    })),
    combine: (answers) =>
      new Map(
        answers.map(({ data, error, isPending, isPlaceholderData }, at): [string, FolderState] => [
          open[at] ?? "",
          {
            entries: data?.artifacts ?? [],
            hasMore: data?.hasMore ?? false,
            error: error?.message ?? null,
            isPending: isPending || isPlaceholderData,
          },
        ]),
      ),
  });
  const rows = useMemo(() => treeRows(folders), [folders]);

  return {
    rows,
    root: folders.get("") ?? null,
    toggle: (folder: string) => setChoices(new Map([...choices, [folder, !open.includes(folder)]])),
    showMore: (folder: string) =>
      setNPages(new Map([...nPages, [folder, (nPages.get(folder) ?? 1) + 1]])),
  };
}
