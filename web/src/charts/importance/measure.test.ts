import { expect, it } from "vitest";

import { measureImportance } from "./measure";

const N = 60;
const row = (of: (at: number) => number) => Float64Array.from({ length: N }, (_, at) => of(at));
const VALUES = {
  runIds: Array.from({ length: N }, String),
  names: [],
  columns: [
    {
      field: "metrics.loss",
      numbers: row((at) => (at === 0 ? Number.NaN : -at)),
      categories: null,
    },
    { field: "params.lr", numbers: row((at) => at), categories: null },
    { field: "params.seed", numbers: row((at) => (at * 7) % 5), categories: null },
    { field: "params.model", numbers: row((at) => at % 2), categories: ["a", "b"] },
    { field: "params.fixed", numbers: row(() => 3), categories: null },
  ],
  nMatching: N,
};

it("ranks params that change by what they tell of the target", () => {
  const { params, nRuns } = measureImportance(VALUES, "metrics.loss");

  expect(nRuns).toBe(N - 1);
  expect(params[0]?.field).toBe("params.lr");
  expect(params[0]?.correlation).toBeCloseTo(-1);
  expect(params.map(({ field }) => field)).not.toContain("params.fixed");
  expect(params.find(({ field }) => field === "params.model")?.correlation).toBeNaN();
});

it("says nothing of few runs", () => {
  const few = {
    ...VALUES,
    columns: VALUES.columns.map((column) =>
      Object.assign({}, column, { numbers: column.numbers.slice(0, 5) }),
    ),
  };

  expect(measureImportance(few, "metrics.loss")).toEqual({ params: [], nRuns: 4 });
});
