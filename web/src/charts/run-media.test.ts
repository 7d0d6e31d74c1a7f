import { expect, it } from "vitest";

import { itemAt } from "./run-media";

const item = (step: number) => ({
  key: "sample",
  kind: "image" as const,
  step,
  caption: "",
  runId: "a",
  path: `${step}.png`,
  bins: null,
});

it("shows what a run had at a step", () => {
  const items = [item(0), item(10)];

  expect([-1, 0, 9, 10, 99].map((step) => itemAt(items, step)?.step ?? null)).toEqual([
    null,
    0,
    0,
    10,
    10,
  ]);
});
