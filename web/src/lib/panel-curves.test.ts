import { expect, it } from "vitest";

import { panelCurves } from "./panel-curves";
import type { PanelData } from "./panel-data";
import { parseReport, type PanelSpec } from "./report-text";

function spec(more: string): PanelSpec {
  const [part] = parseReport(`\`\`\`fluvial\nexperiment: a\nmetric: loss\n${more}\n\`\`\``);
  if (part?.kind !== "panel") throw new Error("no panel");
  return part.spec;
}

const RUN = {
  id: "a",
  name: "first",
  experimentId: "1",
  status: "FINISHED",
  startTime: 1000,
  endTime: null,
  params: {},
  metrics: {},
  tags: {},
};
const DATA: PanelData = {
  runs: [RUN],
  series: [
    {
      runId: "a",
      steps: [0, 1, 2, 3],
      timestamps: [1000, 2000, 3000, 4000],
      values: [4, Number.NaN, -1, 2],
    },
  ],
};

it("parts a curve where values are missing", () => {
  const found = panelCurves(spec(""), DATA);

  expect(found?.curves[0]?.stretches).toEqual([
    [[0, 4]],
    [
      [2, -1],
      [3, 2],
    ],
  ]);
  expect(found?.y).toEqual({ low: -1, high: 4 });
});

it("leaves out of a logarithmic axis what it cannot show, and counts from the start of the run", () => {
  const found = panelCurves(spec("log: true\nx: elapsed"), DATA);

  expect(found?.curves[0]?.stretches).toEqual([[[0, 4]], [[3, 2]]]);
  expect(found?.x).toEqual({ low: 0, high: 3 });
});

it("is nothing where there are no values", () => {
  expect(panelCurves(spec(""), { runs: [RUN], series: [] })).toBeNull();
});
