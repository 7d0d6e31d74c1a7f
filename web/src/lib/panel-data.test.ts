import { expect, it } from "vitest";

import { decodePanels, encodePanels, type PanelData } from "./panel-data";

const PANEL: PanelData = {
  runs: [
    {
      id: "a",
      name: "first",
      experimentId: "1",
      status: "FINISHED",
      startTime: 1,
      endTime: null,
      params: { lr: "NaN" },
      metrics: { loss: Number.NaN, auc: 0.5 },
      tags: {},
    },
  ],
  groups: [
    { values: ["tree", null], nRuns: 2, numbers: { loss: { mean: Number.NaN, std: null } } },
  ],
  series: [
    { runId: "a", steps: [0, 1], timestamps: [1, 2], values: [Number.POSITIVE_INFINITY, 1] },
  ],
};

it("keeps panels with values that JSON does not have", () => {
  expect(decodePanels(encodePanels([PANEL, null]))).toEqual([PANEL, null]);
});

it("has no panels where there is nothing, or a form of a newer app", () => {
  expect(decodePanels("")).toEqual([]);
  expect(decodePanels('{"form": 2, "panels": []}')).toEqual([]);
});
