import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

import classes from "./markdown-text.module.css";

const PLUGINS = [remarkGfm];
const COMPONENTS: Components = { a: OutwardLink };

/** Markdown without raw HTML. */
export function MarkdownText({ markdown }: { markdown: string }) {
  return (
    <div className={classes.markdown}>
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {markdown}
      </Markdown>
    </div>
  );
}

/** Opens beside this page and tells the other side nothing. */
function OutwardLink({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
