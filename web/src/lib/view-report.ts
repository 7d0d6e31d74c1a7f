import { isSystemMetric } from "./metric-groups";
import { panelText } from "./report-text";

interface ShownView {
  experiment: string;
  filter: string;
  order: string;
  /** Ids such as `metrics.loss`. */
  columns: readonly string[];
  /** Names of what may be drawn. */
  metrics: readonly string[];
}

const MOST_ROWS = 100;
const MOST_CURVES = 12;
const N_CHARTED = 10;

/** A report that shows what a view shows: its table, and the curves of its first runs. */
export function viewReport({ experiment, filter, order, columns, metrics }: ShownView): string {
  const shared = { experiment, filter, order };
  const charted = metrics.filter((metric) => !isSystemMetric(metric)).slice(0, MOST_CURVES);
  return [
    panelText({ chart: "table", ...shared, limit: MOST_ROWS, columns: [...columns] }),
    ...charted.map((metric) => panelText({ chart: "line", ...shared, limit: N_CHARTED, metric })),
    "",
  ].join("\n\n");
}
