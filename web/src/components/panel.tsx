import type { ReactNode } from "react";

import classes from "./panel.module.css";

interface PanelProps {
  title: string;
  /** Beside the title, at the right. */
  tools?: ReactNode;
  count?: number;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, tools, count, children }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          {title}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </h2>
        {tools}
      </header>
      {children}
    </section>
  );
}
