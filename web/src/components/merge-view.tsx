import { lazy, Suspense } from "react";

import type { MergeEditorProps } from "./merge-editor";
import { TableSkeleton } from "./table-skeleton";

const Editor = lazy(async () => {
  const { MergeEditor } = await import("./merge-editor");
  return { default: MergeEditor };
});

/** Two texts side by side; the code that finds their differences is loaded when it is needed. */
export function MergeView(props: MergeEditorProps) {
  if (props.before === props.after) return <p>They are the same.</p>;
  return (
    <Suspense fallback={<TableSkeleton rows={6} />}>
      <Editor {...props} />
    </Suspense>
  );
}
