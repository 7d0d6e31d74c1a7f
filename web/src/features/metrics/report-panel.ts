import type { Scene } from "@/charts/define-chart";
import type { LineOptions } from "@/charts/line";

import type { Panel } from "./panel-sections";

/** A panel of the page as the block of a report; what writes it is loaded when somebody wants one. */
export async function reportPanel(
  panel: Panel,
  { source, runs, isChosen = false }: Pick<Scene, "source" | "runs" | "isChosen">,
  shared: Partial<LineOptions>,
): Promise<string> {
  const { panelBlock } = await import("./panel-block");
  const { experimentIds, filter, orderBy } = source;
  const runIds = runs.map(({ id }) => id);
  const experiment = experimentIds[0] ?? "";
  return panelBlock(panel, { experiment, filter, orderBy, runIds, isChosen }, shared);
}
