import { expect, it } from "vitest";

import { lineageOf, loggedModels, placeLineage } from "./lineage";

const related = (id: string) => ({ id, experimentId: "1", name: id, status: "FINISHED" });
const HISTORY = JSON.stringify([
  { artifact_path: "model", flavors: { sklearn: {}, python_function: {} } },
]);

it("leads from datasets over the run to its forks and models", () => {
  const lineage = lineageOf({
    run: {
      ...related("me"),
      tags: { "mlflow.log-model.history": HISTORY, "fluvial.forked_at_step": "49" },
      datasets: [{ name: "iris", digest: "d", context: "training" }],
      modelIds: [],
    },
    parent: null,
    origin: related("origin"),
    children: [related("child")],
    forks: [{ ...related("fork"), tags: { "fluvial.forked_at_step": "7" } }],
  });

  expect(lineage.edges).toEqual([
    { from: "dataset iris d", to: "me", label: "training" },
    { from: "origin", to: "me", label: "forked at 49" },
    { from: "me", to: "child", label: "parent of" },
    { from: "me", to: "fork", label: "forked at 7" },
    { from: "me", to: "model model", label: "logged" },
  ]);
  const columns = new Map(
    placeLineage(lineage, { width: 1, height: 1 }).map(({ id, x }) => [id, x]),
  );
  expect(Object.fromEntries(columns)).toEqual({
    me: 1,
    "dataset iris d": 0,
    origin: 0,
    child: 2,
    fork: 2,
    "model model": 2,
  });
});

it("places runs that name each other in a ring", () => {
  const nodes = ["a", "b"].map((id) => ({
    id,
    kind: "run" as const,
    title: id,
    detail: "",
    run: null,
    isCurrent: false,
  }));
  const edges = [
    { from: "a", to: "b", label: "" },
    { from: "b", to: "a", label: "" },
  ];

  expect(placeLineage({ nodes, edges }, { width: 1, height: 1 })).toHaveLength(2);
});

it("reads no models from a tag that is no list of them", () => {
  expect(loggedModels({ "mlflow.log-model.history": "{not json" }, [])).toEqual([]);
  expect(
    loggedModels({ "mlflow.log-model.history": '[1, {"artifact_path": 3}]' }, ["m-1"]),
  ).toEqual([{ path: "m-1", detail: "logged model", isFolder: false }]);
});
