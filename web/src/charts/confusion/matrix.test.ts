import { expect, it } from "vitest";

import { confusionMatrix } from "./matrix";

it("counts true against predicted classes", () => {
  expect(confusionMatrix(["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "owl"])).toEqual({
    classes: ["cat", "dog", "owl"],
    counts: [
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 0],
    ],
    n: 4,
    nRight: 2,
  });
});

it("keeps the most frequent of many classes", () => {
  const many = Array.from({ length: 100 }, (_, at) => String(at));

  expect(confusionMatrix([...many, "7"], [...many, "7"]).classes).toHaveLength(40);
});
