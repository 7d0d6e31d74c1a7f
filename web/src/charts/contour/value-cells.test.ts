import { expect, it } from "vitest";

import { valueCells } from "./value-cells";

const column = (...numbers: number[]) => ({
  field: "params.lr",
  numbers: Float64Array.from(numbers),
  categories: null,
});

it("gives each value of a sweep a cell of its own, however far apart they are", () => {
  const cells = valueCells(column(0.1, 0.001, Number.NaN, 0.01, 0.001));

  expect(cells?.n).toBe(3);
  expect([0.001, 0.01, 0.1].map((value) => cells?.scale.at(value))).toEqual([1 / 6, 0.5, 5 / 6]);
  expect(cells?.scale.ticks(9).map(({ value, label }) => [value, label])).toEqual([
    [0.001, "0.001"],
    [0.01, "0.01"],
    [0.1, "0.1"],
  ]);
});

it("leaves numbers of many values to an axis", () => {
  expect(valueCells(column(...Array.from({ length: 30 }, (_, at) => at)))).toBeNull();
});
