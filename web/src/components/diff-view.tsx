import { lazy, Suspense } from "react";

import type { FileDiff } from "@/lib/unified-diff";

import { TableSkeleton } from "./table-skeleton";

const Editor = lazy(async () => {
  const { DiffEditor } = await import("./diff-editor");
  return { default: DiffEditor };
});

/** The changes of one file; the code that draws them is loaded when it is needed. */
export function DiffView({ file }: { file: FileDiff }) {
  return (
    <Suspense fallback={<TableSkeleton rows={4} />}>
      <Editor file={file} />
    </Suspense>
  );
}
