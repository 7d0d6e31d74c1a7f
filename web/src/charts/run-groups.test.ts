import { expect, it } from "vitest";

import { groupRuns } from "./run-groups";

const run = (id: string, model: string | null) => ({
  id,
  name: id,
  startTime: 0,
  color: { index: 0, round: 0 },
  textOf: () => model,
});

it("puts runs together that share a value, those without one too", () => {
  const groups = groupRuns([run("a", "cnn"), run("b", null), run("c", "cnn")], ["params.model"]);

  expect(groups.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
    ["cnn", ["a", "c"]],
    ["none", ["b"]],
  ]);
});

it("takes the colours that groups have elsewhere on the page", () => {
  const known = new Map([["cnn", { index: 7, round: 0 }]]);

  const [group] = groupRuns([run("a", "cnn")], ["params.model"], known);

  expect(group?.color.index).toBe(7);
});
