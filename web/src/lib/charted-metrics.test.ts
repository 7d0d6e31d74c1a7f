import { expect, it } from "vitest";

import { chartedMetrics } from "./charted-metrics";

it("names each metric of the runs once, and which of them are curves", () => {
  const runs: Parameters<typeof chartedMetrics>[0] = [
    { metrics: { loss: { step: 9 }, acc: { step: 0 } } },
    { metrics: { loss: { step: 3 } } },
  ];

  expect(chartedMetrics(runs)).toEqual({ keys: ["loss", "acc"], curves: new Set(["loss"]) });
});
