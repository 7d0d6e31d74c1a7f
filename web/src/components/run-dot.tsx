import { runColorVariable, type RunColor } from "@/lib/run-colors";

import classes from "./run-dot.module.css";

/** The colour that a run has in every chart of the page. */
export function RunDot({ color }: { color: RunColor | undefined }) {
  return (
    <span
      className={classes.dot}
      data-hollow={(color?.round ?? 0) % 2 === 1 || undefined}
      style={{ "--color": runColorVariable(color) } as React.CSSProperties}
      aria-hidden
    />
  );
}
