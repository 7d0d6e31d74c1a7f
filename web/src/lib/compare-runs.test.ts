import { expect, it } from "vitest";

import { compareValues } from "./compare-runs";

it("puts the values of each key side by side and says which differ", () => {
  expect(compareValues([{ lr: "1", seed: "7" }, { lr: "2", seed: "7" }, { seed: "7" }])).toEqual([
    { key: "lr", values: ["1", "2", ""], isDifferent: true },
    { key: "seed", values: ["7", "7", "7"], isDifferent: false },
  ]);
});
