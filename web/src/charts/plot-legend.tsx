import { runColorVariable, type RunColor } from "@/lib/run-colors";

import classes from "./color-key.module.css";

export interface LegendEntry {
  id: string;
  label: string;
  color: RunColor | undefined;
}

interface PlotLegendProps {
  entries: readonly LegendEntry[];
  /** In px; undefined where the page has a legend of its own, and only what is downloaded needs this one. */
  height?: number;
}

/** How high a row of the legend is, px. */
const LEGEND_ROW = 18;
const MOST_SHARE = 0.28;
const MOST_SAVED = 60;

/**
 * How much room a legend under a plot takes, px.
 *
 * @param height Of the plot and the legend together.
 */
export function legendHeight(nEntries: number, height: number): number {
  const nFitting = Math.max(1, Math.floor((height * MOST_SHARE) / LEGEND_ROW));
  return Math.min(nFitting, nEntries) * LEGEND_ROW + 4;
}

/** Which line is whose, under the plot. */
export function PlotLegend({ entries, height }: PlotLegendProps) {
  return (
    // A region that scrolls must be reachable with the keyboard.
    <div
      className={classes.lines}
      data-legend
      {...(height === undefined
        ? { hidden: true }
        : { style: { height }, tabIndex: 0, role: "region", "aria-label": "Legend of the chart" })}
    >
      <ul>
        {entries.slice(0, MOST_SAVED).map((entry) => (
          <li key={entry.id} data-color={runColorVariable(entry.color)} title={entry.label}>
            <i style={{ background: runColorVariable(entry.color) }} />
            <span>{entry.label}</span>
          </li>
        ))}
        {entries.length > MOST_SAVED && (
          <li data-color="none">and {entries.length - MOST_SAVED} more</li>
        )}
      </ul>
    </div>
  );
}
