import type { ReactNode } from "react";
import Markdown, { defaultUrlTransform, type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

import classes from "./markdown-text.module.css";

const PLUGINS = [remarkGfm];
const COMPONENTS: Components = { a: OutwardLink };

interface MarkdownTextProps {
  markdown: string;
  /** Where an image is that the text names in its own way. */
  imageUrl?: (url: string) => string;
}

/** Markdown without raw HTML. */
export function MarkdownText({ markdown, imageUrl }: MarkdownTextProps) {
  const urlOf = (url: string, key: string) =>
    defaultUrlTransform(key === "src" && imageUrl !== undefined ? imageUrl(url) : url);
  return (
    <div className={classes.markdown}>
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={urlOf}>
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
