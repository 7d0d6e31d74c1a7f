import { sharedOptions, panelSections } from "./panel-sections";
import { panelBlock, type ReportedRuns } from "./panel-block";
import type { ChartedMetrics } from "@/lib/charted-metrics";
import type { ChartSearch } from "@/lib/panels";
import { panelText } from "@/lib/report-text";

interface ShownView extends ReportedRuns {
  /** What the link says of the charts; null where they are not shown. */
  charts: ChartSearch | null;
  /** What groups the table. */
  groupBy: readonly string[];
  metrics: ChartedMetrics;
  /** Of the table, as `metrics.loss`. */
  columns: readonly string[];
}

const MOST_ROWS = 100;
const MOST_PANELS = 60;

/** A report that shows what a view shows: its panels as they are arranged, and its table. */
export function viewReport(view: ShownView): string {
  const { charts, groupBy, metrics, columns, experiment, filter, orderBy } = view;
  const sections =
    charts === null
      ? []
      : panelSections(metrics, charts.panels ?? [], charts.metrics ?? "").filter(
          ({ id }) => charts.closed?.includes(id) !== true,
        );
  const shared = charts === null ? {} : sharedOptions(charts, groupBy);
  const parts: string[] = [];
  let nLeft = MOST_PANELS;
  for (const { title, panels } of sections) {
    if (nLeft > 0 && sections.length > 1) parts.push(`## ${title}`);
    parts.push(...panels.slice(0, nLeft).map((panel) => panelBlock(panel, view, shared)));
    nLeft -= panels.length;
  }
  if (nLeft < 0) parts.push(`The first ${MOST_PANELS} of ${MOST_PANELS - nLeft} charts.`);
  if (parts.length > 0) parts.push("## Runs");
  const shown = { experiment, filter, order: [...orderBy], group: [...groupBy] };
  parts.push(panelText({ chart: "table", ...shown, limit: MOST_ROWS, columns: [...columns] }));
  return `${parts.join("\n\n")}\n`;
}
