import type { ReactNode } from "react";

/** How high a caption is, px; the plot below it has the rest. */
export const CAPTION = 18;

/** A line over a plot: which run it is of, and what else a reader needs first. */
export function ChartCaption({ children }: { children: ReactNode }) {
  return (
    <p
      style={{
        height: CAPTION,
        margin: 0,
        paddingLeft: 14,
        fontSize: 11.5,
        color: "var(--text-soft)",
      }}
    >
      {children}
    </p>
  );
}
