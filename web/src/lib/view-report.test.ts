import { expect, it } from "vitest";

import { parseReport } from "./report-text";
import { viewReport } from "./view-report";

it("shows the table of the view and the curves of its metrics", () => {
  const text = viewReport({
    experiment: "12",
    filter: "params.model = 'tree'",
    order: "metrics.loss ASC",
    columns: ["params.model", "metrics.loss"],
    metrics: ["loss", "system/cpu_utilization_percentage"],
  });

  expect(parseReport(text)).toMatchObject([
    {
      spec: {
        chart: "table",
        filter: "params.model = 'tree'",
        columns: ["params.model", "metrics.loss"],
      },
    },
    { spec: { chart: "line", metric: "loss", experiment: "12", order: "metrics.loss ASC" } },
  ]);
});
