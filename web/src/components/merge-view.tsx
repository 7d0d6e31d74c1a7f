import type { MergeEditorProps } from "./merge-editor";
import { TableSkeleton } from "./table-skeleton";
import { loaded } from "./loaded";

const Editor = loaded(
  async () => (await import("./merge-editor")).MergeEditor,
  () => <TableSkeleton rows={6} />,
);

/** Two texts side by side; the code that finds their differences is loaded when it is needed. */
export function MergeView(props: MergeEditorProps) {
  if (props.before === props.after) return <p>They are the same.</p>;
  return <Editor {...props} />;
}
