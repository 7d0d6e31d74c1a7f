import { readOptions, type Scene } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";

import type { Panel } from "./panel-sections";

/** Options of a line that a report has a name of its own for. */
const OWN_NAMES = new Set(["metrics", "x", "smoothing", "log"]);

/** A panel of the page as the block of a report that shows the same runs. */
export async function reportPanel(
  { kind, chart, title, options }: Panel,
  { source, runs }: Pick<Scene, "source" | "runs">,
  shared: Partial<LineOptions>,
): Promise<string> {
  // What writes reports is loaded when somebody wants one.
  const { isOverAll, panelText } = await import("@/lib/report-text");
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
  return panelText({
    chart: named,
    title,
    experiment: source.experimentIds[0] ?? "",
    filter: source.filter,
    order: source.orderBy[0] ?? "",
    ...(isOverAll(named, true) ? {} : { limit: Math.max(1, runs.length) }),
    ...(isPlain ? { metric: String(metrics[0]), ...others } : { options: said }),
  });
}
