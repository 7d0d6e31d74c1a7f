import { lazy, Suspense } from "react";

const Markdown = lazy(async () => {
  const { MarkdownText } = await import("./markdown-text");
  return { default: MarkdownText };
});

/** Markdown as people write it; the code that reads it is loaded when there is some. */
export function Note({ markdown }: { markdown: string }) {
  return (
    <Suspense fallback={<pre>{markdown}</pre>}>
      <Markdown markdown={markdown} />
    </Suspense>
  );
}
