import type { FileDiff } from "@/lib/unified-diff";

import { TableSkeleton } from "./table-skeleton";
import { loaded } from "./loaded";

const Editor = loaded(
  async () => (await import("./diff-editor")).DiffEditor,
  () => <TableSkeleton rows={4} />,
);

/** The changes of one file; the code that draws them is loaded when it is needed. */
export function DiffView({ file }: { file: FileDiff }) {
  return <Editor file={file} />;
}
