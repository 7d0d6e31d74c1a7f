import { lazy, Suspense } from "react";

import type { CodeLanguage } from "@/lib/artifact-kind";

import { TableSkeleton } from "./table-skeleton";

const Editor = lazy(async () => {
  const { CodeEditor } = await import("./code-editor");
  return { default: CodeEditor };
});

interface CodeViewProps {
  label: string;
  text: string;
  language: CodeLanguage;
}

/** Text to read, in colours where the language is known; its code is loaded when it is needed. */
export function CodeView(props: CodeViewProps) {
  return (
    <Suspense fallback={<TableSkeleton rows={6} />}>
      <Editor {...props} />
    </Suspense>
  );
}
