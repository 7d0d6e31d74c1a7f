import { expect, it } from "vitest";

import { orderGroups } from "./group-order";

const groups = ["18", "1e-3", "101", null, "34"].map((value) => ({ values: ["adam", value] }));
const BY = ["params.optimizer", "params.depth"];
const ordered = (order: string) => orderGroups(groups, BY, order).map(({ values }) => values[1]);

it("orders groups by the number that they share, those without it last", () => {
  expect(ordered("params.depth ASC")).toEqual(["1e-3", "18", "34", "101", null]);
  expect(ordered("params.depth DESC")).toEqual(["101", "34", "18", "1e-3", null]);
});

it("leaves groups as they are where the table is ordered by something else", () => {
  expect(orderGroups(groups, BY, "metrics.loss DESC")).toBe(groups);
});
