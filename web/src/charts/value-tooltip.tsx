import type { PlotArea } from "@/components/plot/plot-area";

import classes from "./value-tooltip.module.css";

interface ValueTooltipProps {
  area: Pick<PlotArea, "width" | "height">;
  /** Where it points to, from the inside's left and top edge. */
  left: number;
  top: number;
  title: string;
  rows: readonly (readonly [label: string, value: string])[];
}

/** What is known of the mark under the pointer. */
export function ValueTooltip({ area, left, top, title, rows }: ValueTooltipProps) {
  const isRight = left > area.width / 2;
  return (
    <div
      className={classes.tooltip}
      style={{
        top: Math.max(-6, Math.min(top - 20, area.height - 24 - 18 * rows.length)),
        ...(isRight ? { right: area.width - left + 12 } : { left: left + 12 }),
      }}
    >
      <b>{title}</b>
      {rows.map(([label, value]) => (
        <div key={label}>
          <span>{label}</span>
          <span>{value}</span>
        </div>
      ))}
    </div>
  );
}
