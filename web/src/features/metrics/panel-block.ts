import { readOptions } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";
import { quote } from "@/lib/filter-text";
import { isOverAll, panelText } from "@/lib/report-text";

import type { Panel } from "./panel-sections";

/** Which runs the panels of a page show, as a report can name them. */
export interface ReportedRuns {
  /** Name or id. */
  experiment: string;
  filter: string;
  orderBy: readonly string[];
  /** Those that are drawn one by one. */
  runIds: readonly string[];
  /** Whether somebody chose these; else they are the first that match. */
  isChosen: boolean;
}

/** Options of a line that a report has a name of its own for. */
const OWN_NAMES = new Set(["metrics", "x", "smoothing", "log"]);
const MOST_NAMED = 200;

/** A panel of the page as the block of a report that shows the same runs. */
export function panelBlock(
  { kind, chart, title, options }: Panel,
  { experiment, filter, orderBy, runIds, isChosen }: ReportedRuns,
  shared: Partial<LineOptions>,
): string {
  const defaults = chart.defaults as Record<string, unknown>;
  const said = Object.fromEntries(
    Object.entries(readOptions(chart, shared, options)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]),
    ),
  );
  const { metrics, ...others } = said;
  const isPlain =
    kind === "line" &&
    Array.isArray(metrics) &&
    metrics.length === 1 &&
    said["x"] !== "metric" &&
    Object.keys(said).every((name) => OWN_NAMES.has(name));
  const named = kind === "table" ? "difference" : kind;
  const isOfAll = isOverAll(named, true);
  const byId = `attributes.run_id IN (${runIds.slice(0, MOST_NAMED).map(quote).join(", ")})`;
  return panelText({
    chart: named,
    title: isPlain && title === metrics[0] ? "" : title,
    experiment,
    filter: isChosen && !isOfAll ? byId : filter,
    order: [...orderBy],
    ...(isOfAll ? {} : { limit: Math.min(MOST_NAMED, Math.max(1, runIds.length)) }),
    ...(isPlain ? { metric: String(metrics[0]), ...others } : { options: said }),
  });
}
