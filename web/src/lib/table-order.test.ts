import { expect, it } from "vitest";

import { nextOrder, rankOf } from "./table-order";

it("turns the direction of one column among several", () => {
  const order = ["params.a ASC", "metrics.loss DESC"];

  expect(nextOrder("metrics.loss", order, "DESC", true)).toEqual([
    "params.a ASC",
    "metrics.loss ASC",
  ]);
  expect(rankOf("metrics.loss", order)).toBe(2);
});

it("orders by one column alone unless told to keep the others", () => {
  expect(nextOrder("metrics.loss", ["params.a ASC"], "DESC", false)).toEqual(["metrics.loss DESC"]);
  expect(nextOrder("metrics.loss", ["params.a ASC"], "DESC", true)).toEqual([
    "params.a ASC",
    "metrics.loss DESC",
  ]);
});
