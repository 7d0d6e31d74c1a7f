import type { CodeLanguage } from "@/lib/artifact-kind";

import { TableSkeleton } from "./table-skeleton";
import { loaded } from "./loaded";

const Editor = loaded(
  async () => (await import("./code-editor")).CodeEditor,
  () => <TableSkeleton rows={6} />,
);

interface CodeViewProps {
  label: string;
  text: string;
  language: CodeLanguage;
}

/** Text to read, in colours where the language is known; its code is loaded when it is needed. */
export function CodeView(props: CodeViewProps) {
  return <Editor {...props} />;
}
