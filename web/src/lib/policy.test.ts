import { expect, it } from "vitest";

import { describeGuard, describeWish, guardsOf } from "./policy";

const POLICY = {
  guards: [
    { alias: "champion", approvals: 2, reviewers: ["ana", "ben"], gates: ["better"] },
    { state: "live" },
    { approvals: 1 },
  ],
  gates: { better: { metric: "auc" }, floor: { metric: "auc", min: 0.8 } },
};

it("asks for all gates where a guard names none, and leaves out a guard of no place", () => {
  expect(guardsOf(POLICY)).toEqual([
    {
      target: "alias",
      key: "champion",
      approvals: 2,
      reviewers: ["ana", "ben"],
      gates: ["better"],
    },
    { target: "state", key: "live", approvals: 0, reviewers: [], gates: ["better", "floor"] },
  ]);
});

it("says what it takes to stand in a place", () => {
  const [champion, live] = guardsOf(POLICY);

  expect(describeGuard(champion)).toBe("It needs 2 approvals (ana, ben) and has to pass better.");
  expect(describeGuard(live)).toBe("It has to pass better, floor.");
  expect(describeGuard(undefined)).toContain("Nothing guards");
});

it.each([null, "text", { guards: 3 }])("finds no guards in %j", (document) => {
  expect(guardsOf(document)).toEqual([]);
});

it("says what a request is for", () => {
  const wish = { version: "3", target: "alias" as const, key: "champion" };

  expect(describeWish(wish)).toBe("Version 3 as alias champion");
  expect(describeWish({ ...wish, leaves: true })).toBe("Version 3 no longer alias champion");
});
