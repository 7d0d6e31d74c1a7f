import type { ComponentProps } from "react";

import { loaded } from "./loaded";

const Markdown = loaded(
  async () => (await import("./markdown-text")).MarkdownText,
  ({ markdown }) => <pre>{markdown}</pre>,
);

/** Markdown as people write it; the code that reads it is loaded when there is some. */
export function Note(props: ComponentProps<typeof Markdown>) {
  return <Markdown {...props} />;
}
