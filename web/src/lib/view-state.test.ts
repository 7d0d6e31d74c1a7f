import { expect, it } from "vitest";

import { isSameState, viewState } from "./view-state";

it("leaves out which view it is and which runs are selected", () => {
  const search = { filter: "a", saved: "1", selected: "x,y", order: undefined };

  expect(viewState(search)).toEqual({ filter: "a" });
});

it("compares states whatever the order of their keys", () => {
  expect(isSameState({ a: 1, b: { c: [1, 2], d: 2 } }, { b: { d: 2, c: [1, 2] }, a: 1 })).toBe(
    true,
  );
  expect(isSameState({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(isSameState({ a: 1 }, { a: 1, b: false })).toBe(false);
});
