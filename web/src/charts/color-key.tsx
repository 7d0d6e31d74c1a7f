import { sequentialColor } from "@/components/plot/tokens";
import { formatNumber } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";

import classes from "./color-key.module.css";
import type { ValueColors } from "./colors-of-values";

const SAMPLES = [0, 0.25, 0.5, 0.75, 1].map(sequentialColor).join(", ");
const MAX_LISTED = 8;

/** What the colours of a chart stand for. */
export function ColorKey({ field, colors }: { field: string; colors: ValueColors["key"] }) {
  if (colors === null) return null;
  if (!Array.isArray(colors)) {
    return (
      <div className={classes.key} data-legend={fieldTitle(field)}>
        {fieldTitle(field)}
        <span data-color={sequentialColor(0)}>{formatNumber(colors.low)}</span>
        <i className={classes.ramp} style={{ background: `linear-gradient(90deg, ${SAMPLES})` }} />
        <span data-color={sequentialColor(1)}>{formatNumber(colors.high)}</span>
      </div>
    );
  }
  return (
    <div className={classes.key} data-legend={fieldTitle(field)}>
      {fieldTitle(field)}
      {colors.slice(0, MAX_LISTED).map(({ label, rgb }) => (
        <span key={label} className={classes.category} data-color={`rgb(${rgb.join(" ")})`}>
          <i style={{ background: `rgb(${rgb.join(" ")})` }} />
          {label}
        </span>
      ))}
      {colors.length > MAX_LISTED && <span>and {colors.length - MAX_LISTED} more</span>}
    </div>
  );
}
